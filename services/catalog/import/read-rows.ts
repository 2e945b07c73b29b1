import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { TaskFailure } from "../../../mixins/tasks/task.ts";
import type { CsvColumn } from "../domain/csv-columns.ts";
import { columnNames, columnTitle, readColumn, readCsvRow } from "../domain/csv-columns.ts";
import type { ImportRow, RowError } from "../domain/import-row.ts";
import { readJsonRow } from "../domain/import-row.ts";
import { jsonElements, jsonLines, maxRowLength } from "./json-elements.ts";

export type MediaType = "text/csv" | "application/json" | "application/x-ndjson";

/** A parsed row, or its errors. */
export type ReadRow = ImportRow | RowError[];

/**
 * A row not parsed yet, so that counting or skipping rows is cheap.
 *
 * @param decimals those of the shop's currency
 */
export type UnreadRow = (decimals: number) => ReadRow;

/**
 * Splits a file into rows as it streams.
 *
 * @throws TaskFailure `unreadable-file` when the next row's start cannot be determined
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
    max_record_size: maxRowLength,
    record_delimiter: ["\r\n", "\n", "\r"],
  });
  source.once("error", (error) => parser.destroy(error));
  source.pipe(parser);
  let header: CsvColumn[] | undefined;
  let rows = 0;
  try {
    for await (const record of parser) {
      const cells = record as string[];
      if (header) {
        const [row, columns] = [(rows += 1), header];
        yield (decimals) => csvRow(row, cells, columns, decimals);
      } else header = readHeader(cells);
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("CSV_"))) throw error;
    throw new TaskFailure(
      "unreadable-file",
      `Row ${rows + 1} and the rest cannot be read: is a quotation mark missing?`,
    );
  } finally {
    source.destroy();
  }
  if (!header) throw new TaskFailure("unreadable-file", "The file is empty");
}

/** @throws TaskFailure `unknown-column`, since it would fail every row */
function readHeader(cells: readonly string[]): CsvColumn[] {
  const header = cells.map((cell) => {
    const column = readColumn(cell);
    if (!column)
      throw new TaskFailure(
        "unknown-column",
        `Unknown column ${cell.trim().slice(0, 40)}; known are ${columnNames.join(", ")}`,
      );
    return column;
  });
  if (new Set(header.map(columnTitle)).size < header.length)
    throw new TaskFailure("unknown-column", "Repeated column");
  return header;
}

function csvRow(
  row: number,
  cells: readonly string[],
  header: readonly CsvColumn[],
  decimals: number,
): ReadRow {
  if (cells.length === header.length) return readCsvRow(row, header, cells, decimals);
  const message = `has ${cells.length} cells, the header has ${header.length}`;
  return [{ row, field: "", code: "malformed", message }];
}
