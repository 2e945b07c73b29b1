import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type PdfKit from "pdfkit";
import type { Invoice } from "../domain/invoice.ts";
import { heightOfText, printText, registerEastAsianFonts } from "./east-asian-text.ts";
import { unpackWoff } from "./unpack-woff.ts";
import type { InvoiceRow, Sum } from "./wording.ts";
import { wordingOf } from "./wording.ts";

/** Points; a page is A4. */
const margin = 50;
const right = 545;
const bottom = 770;
const cellWidth = 80;
const gap = 6;
const grey = "#666666";

type Pdf = InstanceType<typeof PdfKit>;
interface Fonts {
  readonly regular: Buffer;
  readonly bold: Buffer;
}

let fonts: Fonts | undefined;

/**
 * Loaded with the first invoice, then cached. The fonts cover Latin, Greek, Cyrillic, Arabic, Hebrew and
 * more; East Asian scripts have their own.
 */
function loadFonts(): Fonts {
  const { resolve } = createRequire(import.meta.url);
  const read = (weight: number) =>
    unpackWoff(
      readFileSync(resolve(`@fontsource/dejavu-sans/files/dejavu-sans-latin-${weight}-normal.woff`)),
    );
  return (fonts ??= { regular: read(400), bold: read(700) });
}

/** Renders the invoice as A4 pages, deterministically. */
export async function renderInvoicePdf(invoice: Invoice): Promise<Buffer> {
  const { title, seller, buyer, facts, columns, lines, sums, refunds } = wordingOf(invoice);
  const { regular, bold } = loadFonts();
  // Lazy: loading takes longer than rendering, and most nodes do not render.
  const { default: PdfDocument } = await import("pdfkit");
  const info = { Title: title, Author: invoice.seller.name, CreationDate: new Date(invoice.issuedAt) };
  const pdf = new PdfDocument({ size: "A4", margin, bufferPages: true, lang: "en", info });
  const pieces: Buffer[] = [];
  pdf.on("data", (piece: Buffer) => pieces.push(piece));
  const finished = new Promise((resolve) => pdf.on("end", resolve));

  pdf.registerFont("regular", regular).registerFont("bold", bold);
  registerEastAsianFonts(pdf);
  printText(pdf.fontSize(18), title, margin, margin, { font: "bold", width: right - margin });
  const top = pdf.y + 15;
  pdf.fontSize(9);
  const heights = [seller, buyer, facts.map(([name, value]) => `${name}: ${value}`)].map((texts, index) => {
    printText(pdf, texts.join("\n"), margin + 170 * index, top, { width: 155, lineGap: 2 });
    return pdf.y;
  });
  pdf.y = Math.max(...heights) + 25;

  printLines(pdf, columns, lines);
  printSums(pdf, sums);
  if (refunds.length > 0) {
    makeRoom(pdf, 60);
    pdf
      .font("bold")
      .fontSize(10)
      .text("Refunds", margin, pdf.y + 15);
    printSums(pdf, refunds);
  }
  numberPages(pdf, title);
  pdf.end();
  await finished;
  return Buffer.concat(pieces);
}

function printLines(pdf: Pdf, columns: readonly string[], lines: readonly InvoiceRow[]): void {
  const nameWidth = right - margin - cellWidth * columns.length - gap;
  const printCells = (cells: readonly string[], y: number) => {
    for (const [index, cell] of cells.entries())
      pdf.text(cell, right - cellWidth * (cells.length - index), y, {
        width: cellWidth,
        align: "right",
        lineBreak: false,
      });
  };
  const printHeader = () => {
    const { y } = pdf;
    pdf.font("regular").fontSize(9).fillColor(grey).text("Goods", margin, y, { width: nameWidth });
    printCells(columns, y);
    pdf.fillColor("black");
    rule(pdf, y + 14, "#999999");
    pdf.y = y + 14 + gap;
  };

  printHeader();
  for (const { name, detail, cells } of lines) {
    const block = { width: nameWidth };
    const height =
      heightOfText(pdf.fontSize(9), name, block) + heightOfText(pdf.fontSize(7.5), detail, block);
    if (makeRoom(pdf, height + 2 * gap)) printHeader();
    const { y } = pdf;
    pdf.fontSize(9);
    printCells(cells, y);
    printText(pdf, name, margin, y, block);
    printText(pdf.fontSize(7.5).fillColor(grey), detail, margin, pdf.y, block);
    pdf.fillColor("black");
    rule(pdf, pdf.y + gap / 2, "#e4e4e4");
    pdf.y += gap * 1.5;
  }
}

function printSums(pdf: Pdf, sums: readonly Sum[]): void {
  const labelWidth = right - margin - 110;
  // Keeps a short list of sums on one page.
  makeRoom(pdf, Math.min(sums.length * 18, 200));
  for (const { label, amount, isTotal = false } of sums) {
    const block = { font: isTotal ? "bold" : "regular", width: labelWidth } as const;
    makeRoom(pdf, heightOfText(pdf.fontSize(9), label, block) + gap);
    const y = pdf.y + gap;
    if (isTotal) rule(pdf, y - gap / 2, "#999999");
    pdf.text(amount, right - 100, y, { width: 100, align: "right", lineBreak: false });
    printText(pdf, label, margin, y, block);
  }
}

/**
 * Starts a new page if the next block does not fit.
 *
 * @returns true if it did
 */
function makeRoom(pdf: Pdf, height: number): boolean {
  if (pdf.y + height <= bottom) return false;
  pdf.addPage();
  pdf.y = margin;
  return true;
}

function rule(pdf: Pdf, y: number, colour: string): void {
  pdf.moveTo(margin, y).lineTo(right, y).lineWidth(0.5).strokeColor(colour).stroke();
}

function numberPages(pdf: Pdf, title: string): void {
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    pdf.switchToPage(page);
    // Without the margin, text below it would start a new page.
    pdf.page.margins.bottom = 0;
    const text = `${title} · page ${page + 1} of ${count}`;
    pdf.font("regular").fontSize(7.5).fillColor(grey);
    pdf.text(text, margin, 800, { width: right - margin, align: "center", lineBreak: false });
  }
}
