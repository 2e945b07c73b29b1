import { toSimplified } from "./simplified.ts";

/** A run of text that the index treats alike, with its place in the original text. */
export interface Token {
  readonly kind: "word" | "ideographs";
  /** Folded; the parts of a compound such as `wh-1000xm5`, one part for any other. */
  readonly parts: readonly string[];
  /** UTF-16 offsets in the original text. */
  readonly from: number;
  readonly to: number;
}

/** Scripts that are written without blanks between words. */
const unspaced = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u30FC\uFF70\uFF9E\uFF9F`;
const letter = String.raw`(?:(?![${unspaced}])[\p{L}\p{N}\p{M}])`;
/** Also radicals that NFKC turns into ideographs; the others are symbols. */
const ideograph = String.raw`(?:(?=[\p{L}\p{N}\p{M}\u2E9F\u2EF3\u2F00-\u2FD5])[${unspaced}])`;
const run = new RegExp(`${ideograph}+|${letter}+(?:[-_./'’&+]${letter}+)*`, "gu");
const isUnspaced = new RegExp(`^[${unspaced}]`, "u");
/** A decimal point stays within its number. */
const betweenParts = /(?<!\p{N})[./]|[./](?!\p{N})|[-_'’&+/]/u;

/**
 * Folds text for comparison in searches: width and compatibility forms (NFKC), case, the accents of
 * alphabets, and traditional characters. The marks of kana and Hangul distinguish words and stay.
 */
export function foldForSearch(text: string): string {
  return toSimplified(text.normalize("NFKC"))
    .toLowerCase()
    .normalize("NFD")
    .replaceAll(/(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]\p{M}*)\p{M}/gu, "")
    .normalize("NFC")
    .replaceAll("ß", "ss")
    .replaceAll("æ", "ae")
    .replaceAll("ø", "o");
}

/** The words and runs of ideographs of a text, in order of appearance. */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(run)].flatMap(({ 0: found, index }): Token[] => {
    const folded = foldForSearch(found);
    const place = { from: index, to: index + found.length };
    if (isUnspaced.test(folded)) return [{ kind: "ideographs", parts: [folded], ...place }];
    const parts = partsOf(folded);
    return parts.length === 0 ? [] : [{ kind: "word", parts, ...place }];
  });
}

/** `men's` has one part; the `s` is none. */
function partsOf(word: string): string[] {
  const parts = word
    .replace(/['’]s$/u, "")
    .split(betweenParts)
    .map((part) => part.replaceAll(/[^\p{L}\p{N}.]/gu, ""))
    .filter((part) => part !== "");
  return parts;
}

/** The letters and the numbers of a word: `iphone`, `15` of `iphone15`. */
export function piecesOf(part: string): string[] {
  return part.match(/\p{N}+(?:\.\p{N}+)*|[^\p{N}.]+/gu) ?? [];
}

/** Overlapping pairs of the characters of a run; a single character has none. */
export function pairsOf(run: string): string[] {
  const characters = Array.from(run);
  return characters.slice(1).map((character, index) => `${characters[index] ?? ""}${character}`);
}
