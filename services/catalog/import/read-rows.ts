import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { TaskFailure } from "../../../mixins/tasks/task.ts";
import type { ImportField, ImportRow, RowError } from "../domain/import-row.ts";
import { importFields, readCsvRow, readJsonRow } from "../domain/import-row.ts";
import { jsonElements, jsonLines, mostOfOneRow } from "./json-elements.ts";

export type MediaType = "text/csv" | "application/json" | "application/x-ndjson";

/** A row, or why it cannot be one. */
export type ReadRow = ImportRow | RowError[];

/**
 * A row that was found but not looked into: to count rows, or to get past those that are done, costs little.
 *
 * @param decimals those of the shop's currency
 */
export type UnreadRow = (decimals: number) => ReadRow;

/**
 * Finds the rows of a file piece by piece.
 *
 * @throws TaskFailure `unreadable-file` where it is so broken that nobody can tell where the next row begins
 */
export function findRows(pieces: AsyncIterable<string>, mediaType: MediaType): AsyncGenerator<UnreadRow> {
  switch (mediaType) {
    case "text/csv":
      return csvRows(pieces);
    case "application/json":
      return jsonRows(jsonElements(pieces));
    case "application/x-ndjson":
      return jsonRows(jsonLines(pieces));
  }
}

async function* jsonRows(texts: AsyncIterable<string>): AsyncGenerator<UnreadRow> {
  let rows = 0;
  for await (const text of texts) {
    const row = (rows += 1);
    yield (decimals) => jsonRow(row, text, decimals);
  }
}

function jsonRow(row: number, text: string, decimals: number): ReadRow {
  try {
    return readJsonRow(row, JSON.parse(text), decimals);
  } catch {
    return [{ row, field: "", code: "malformed", message: "is not valid JSON" }];
  }
}

async function* csvRows(pieces: AsyncIterable<string>): AsyncGenerator<UnreadRow> {
  const source = Readable.from(pieces);
  const parser = parse({
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: mostOfOneRow,
    record_delimiter: ["\r\n", "\n", "\r"],
  });
  source.once("error", (error) => parser.destroy(error));
  source.pipe(parser);
  let header: ImportField[] | undefined;
  let rows = 0;
  try {
    for await (const record of parser) {
      const cells = record as string[];
      if (header) {
        const [row, fields] = [(rows += 1), header];
        yield (decimals) => csvRow(row, cells, fields, decimals);
      } else header = readHeader(cells);
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("CSV_"))) throw error;
    throw new TaskFailure("unreadable-file", `Row ${rows + 1} cannot be read, nor what follows: is a quotation mark missing?`);
  } finally {
    source.destroy();
  }
  if (!header) throw new TaskFailure("unreadable-file", "The file is empty");
}

/** @throws TaskFailure `unknown-column`, because it would be a fault of every row */
function readHeader(cells: readonly string[]): ImportField[] {
  const header = cells.map((cell) => {
    const field = importFields.find((name) => name.toLowerCase() === cell.trim().toLowerCase());
    if (!field) throw new TaskFailure("unknown-column", `There is no column ${cell.trim().slice(0, 40)}; there are ${importFields.join(", ")}`);
    return field;
  });
  if (new Set(header).size < header.length) throw new TaskFailure("unknown-column", "A column is there twice");
  return header;
}

function csvRow(row: number, cells: readonly string[], header: readonly ImportField[], decimals: number): ReadRow {
  if (cells.length !== header.length)
    return [{ row, field: "", code: "malformed", message: `has ${cells.length} cells, the header has ${header.length}` }];
  return readCsvRow(row, new Map(header.map((field, index) => [field, cells[index] ?? ""])), decimals);
}
