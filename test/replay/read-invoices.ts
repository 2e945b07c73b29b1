import { createReadStream } from "node:fs";
import { CsvError, parse } from "csv-parse";
import type { InvoiceLine, RawLine, RefusalReason } from "./line-rules.ts";
import { columns, isCancellation, readDate, reasonToRefuse, understand } from "./line-rules.ts";
import { ReplayError } from "./replay-error.ts";

/** A sale, or a cancellation, with its usable lines, of which there is at least one. */
export interface Invoice {
  readonly number: string;
  readonly kind: "sale" | "cancellation";
  /** Undefined for an unnamed customer. */
  readonly customer: string | undefined;
  readonly country: string;
  /** Local time of the retailer: `2010-12-01 08:26`. */
  readonly issuedAt: string;
  readonly lines: readonly InvoiceLine[];
}

export interface Refusal {
  readonly row: number;
  readonly invoice: string;
  readonly reason: RefusalReason;
}

/** Contents of a file: each line is in one invoice or among the refusals. */
export interface InvoiceFile {
  /** Lines read, without the header. */
  readonly lines: number;
  /** In the order in which they begin in the file. */
  readonly invoices: readonly Invoice[];
  readonly refusals: readonly Refusal[];
}

/**
 * Reads invoices from a CSV file of the "Online Retail" form.
 *
 * @param limit how many lines to read at most, without the header
 * @throws ReplayError when the file cannot be read, has another header, or is not CSV at all
 */
export async function readInvoices(file: string, limit?: number): Promise<InvoiceFile> {
  const collected = new CollectedInvoices();
  const parser = parse({
    bom: true,
    info: true,
    maxRecordSize: 100_000,
    relaxColumnCount: true,
    // Names with a quote in the middle are written without quotes around them in this data set.
    relaxQuotes: true,
    skipEmptyLines: true,
  });
  const source = createReadStream(file).on("error", (error) => parser.destroy(error));
  try {
    let header: readonly string[] | undefined;
    for await (const { record, info } of source.pipe(parser) as AsyncIterable<ParsedLine>) {
      if (header) collected.add(record, info.lines);
      else checkHeader((header = record), file);
      if (collected.lines === limit) break;
    }
    if (!header) checkHeader([], file);
  } catch (error) {
    throw toReplayError(error, file);
  } finally {
    source.destroy();
  }
  return collected;
}

interface ParsedLine {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

type Draft = Omit<Invoice, "lines"> & { readonly lines: InvoiceLine[] };

/** Groups lines by invoice, in any file order. */
class CollectedInvoices implements InvoiceFile {
  lines = 0;
  readonly refusals: Refusal[] = [];
  readonly #drafts = new Map<string, Draft>();

  get invoices(): readonly Invoice[] {
    return [...this.#drafts.values()];
  }

  add(record: readonly string[], row: number): void {
    this.lines += 1;
    const refuse = (reason: RefusalReason) => this.refusals.push({ row, invoice: record[0] ?? "", reason });
    if (record.length !== columns.length) return void refuse("malformed-line");
    const raw = Object.fromEntries(columns.map((column, index) => [column, record[index] ?? ""])) as RawLine;
    const reason = reasonToRefuse(raw);
    if (reason) return void refuse(reason);

    const draft = this.#draftOf(raw);
    if (draft.customer !== customerOf(raw)) return void refuse("several-customers-on-invoice");
    draft.lines.push(understand(raw, row));
  }

  #draftOf(raw: RawLine): Draft {
    const number = raw.InvoiceNo.trim().toUpperCase();
    const known = this.#drafts.get(number);
    if (known) return known;
    const draft: Draft = {
      number,
      kind: isCancellation(number) ? "cancellation" : "sale",
      customer: customerOf(raw),
      country: raw.Country.trim(),
      issuedAt: readDate(raw.InvoiceDate) ?? "",
      lines: [],
    };
    this.#drafts.set(number, draft);
    return draft;
  }
}

function customerOf({ CustomerID }: RawLine): string | undefined {
  return CustomerID.trim() || undefined;
}

function checkHeader(header: readonly string[], file: string): void {
  if (header.map((name) => name.trim()).join() === columns.join()) return;
  const found = header.length === 0 ? "nothing" : header.join(",").slice(0, 200);
  throw new ReplayError(`${file}: its first line must be ${columns.join(",")}, but is ${found}`);
}

function toReplayError(error: unknown, file: string): unknown {
  if (error instanceof CsvError) return new ReplayError(`${file} is not readable as CSV: ${error.message}`);
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new ReplayError(`${file}: there is no such file`);
  if (code === "EISDIR" || code === "EACCES") return new ReplayError(`${file} cannot be read (${code})`);
  return error;
}
