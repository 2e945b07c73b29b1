import { createRequire } from "node:module";
import { join } from "node:path";
import type PdfKit from "pdfkit";

type Pdf = InstanceType<typeof PdfKit>;

interface Block {
  readonly font?: "regular" | "bold";
  /** In points, like the gap. */
  readonly width: number;
  readonly lineGap?: number;
}

const ideograph = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}`;
/** With punctuation, enclosed and full-width characters. */
const han = String.raw`${ideograph}\u3000-\u30ff\u3200-\u33ff\ufe30-\ufe4f\uff00-\uffef`;
const hangul = String.raw`\p{sc=Hangul}`;
const eastAsian = new RegExp(`[${hangul}${han}]`, "u");
/** Text in one font: a mark has that of the character before it. */
const run = new RegExp(
  `(?<hangul>(?:[${hangul}]\\p{M}*)+)|(?<han>(?:(?!\\p{sc=Hangul})[${han}]\\p{M}*)+)|[^${hangul}${han}]+`,
  "gu",
);

const opening = String.raw`\p{Ps}\p{Pi}`;
const closing = String.raw`\p{M}\p{Pe}\p{Pf}\p{Po}々ーぁぃぅぇぉっゃゅょァィゥェォッャュョ`;
/** Stays on one line: an ideograph or a word, with what must not begin or end a line (kinsoku shori). */
const unit = new RegExp(
  `[${opening}]*(?:[${ideograph}]|[^\\s${ideograph}${opening}]+)[${closing}]*\\s*|[${opening}]+\\s*|\\s+`,
  "gu",
);
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Of a line of DejaVu Sans, above the baseline. */
const ascent = 1901 / 2384;

/**
 * Registers the fonts of Chinese, Japanese and Korean. A document reads them when its text needs them, and
 * embeds the glyphs that it prints. Characters that Chinese and Japanese share have their Chinese shapes.
 */
export function registerEastAsianFonts(pdf: Pdf): void {
  const { resolve } = createRequire(import.meta.url);
  // The packages export only a list of their files.
  const file = (name: string, font: string) => join(resolve(name), "../../fonts", font);
  pdf.registerFont("han", file("@embedpdf/fonts-sc", "NotoSansHans-Regular.otf"));
  pdf.registerFont("hangul", file("@embedpdf/fonts-kr", "NotoSansKR-Regular.otf"));
}

/** Prints text in the block's font, and in the others what that has no glyphs for. */
export function printText(pdf: Pdf, text: string, x: number, y: number, block: Block): void {
  const { font: own = "regular" } = block;
  pdf.font(own);
  if (!eastAsian.test(text)) {
    pdf.text(text, x, y, block);
    return;
  }
  const lineHeight = lineHeightOf(pdf, block);
  let baseline = y + pdf.currentLineHeight(true) * ascent;
  const lines = linesOf(pdf, text, block);
  for (const line of lines) {
    pdf.x = x;
    for (const { font = own, text: piece } of runsOf(line))
      pdf.font(font).text(piece, pdf.x, baseline, { lineBreak: false, baseline: "alphabetic" });
    baseline += lineHeight;
  }
  pdf.font(own);
  pdf.x = x;
  pdf.y = y + lines.length * lineHeight;
}

/** Height in points that `printText` takes. */
export function heightOfText(pdf: Pdf, text: string, block: Block): number {
  pdf.font(block.font ?? "regular");
  if (!eastAsian.test(text)) return pdf.heightOfString(text, block);
  return linesOf(pdf, text, block).length * lineHeightOf(pdf, block);
}

function lineHeightOf(pdf: Pdf, { lineGap = 0 }: Block): number {
  return pdf.currentLineHeight(true) + lineGap;
}

/** Each with its East Asian font. */
function runsOf(text: string): { font?: string | undefined; text: string }[] {
  return Array.from(text.matchAll(run), ({ 0: piece, groups = {} }) => ({
    font: Object.keys(groups).find((font) => groups[font] !== undefined),
    text: piece,
  }));
}

function widthOf(pdf: Pdf, text: string, { font: own = "regular" }: Block): number {
  let width = 0;
  for (const { font = own, text: piece } of runsOf(text)) width += pdf.font(font).widthOfString(piece);
  pdf.font(own);
  return width;
}

/** Fills lines with whole units; one wider than a line is broken anywhere. */
function linesOf(pdf: Pdf, text: string, block: Block): string[] {
  // Composed: syllables of jamo, and kana with voicing marks.
  return text
    .normalize("NFC")
    .split("\n")
    .flatMap((paragraph) => {
      const units = (paragraph.match(unit) ?? []).flatMap((piece) =>
        widthOf(pdf, piece.trimEnd(), block) <= block.width
          ? [piece]
          : Array.from(graphemes.segment(piece), ({ segment }) => segment),
      );
      const lines = [""];
      let filled = 0;
      for (const piece of units) {
        if (filled > 0 && filled + widthOf(pdf, piece.trimEnd(), block) > block.width) {
          lines.push("");
          filled = 0;
        }
        lines.push((lines.pop() ?? "") + piece);
        filled += widthOf(pdf, piece, block);
      }
      return lines;
    });
}
