import { localeTag } from "../../../config/locales.ts";
import { fromCell, listFromCell, optionsFromCell } from "./csv-cell.ts";
import type { ImportField, ImportRow, RowError } from "./import-row.ts";
import { checkRow, importFields, readPrice, unreadable } from "./import-row.ts";

/** A column of a CSV file: a field, a text in another language, or an attribute. */
export type CsvColumn =
  | { readonly kind: "field"; readonly field: ImportField }
  | { readonly kind: "text"; readonly field: TextField; readonly locale: string }
  | { readonly kind: "attribute"; readonly code: string };

const attributeField = "attributes.";

/** Fields with texts in several languages; also localized attributes, as `attributes.CODE`. */
export const textFields = ["name", "description"] as const;
export type TextField = (typeof textFields)[number] | `${typeof attributeField}${string}`;

export const attributePrefix = "attr.";

/** Names of the columns that a header may have, for messages. */
export const columnNames = [
  ...importFields,
  `${attributePrefix}CODE`,
  "name.LANGUAGE",
  "description.LANGUAGE",
  `${attributePrefix}CODE.LANGUAGE`,
];

/** @param title from the header, in any case; an attribute's code in its own */
export function readColumn(title: string): CsvColumn | undefined {
  const trimmed = title.trim();
  const field = importFields.find((name) => name.toLowerCase() === trimmed.toLowerCase());
  if (field) return { kind: "field", field };
  const parts = trimmed.split(".");
  if (`${parts[0]}.` === attributePrefix) {
    const [, code = "", locale, ...rest] = parts;
    if (locale === undefined) return { kind: "attribute", code };
    return rest.length > 0 ? undefined : textColumn(`${attributeField}${code}`, locale);
  }
  const [start = "", locale = "", ...rest] = parts;
  const translated = textFields.find((name) => name === start.toLowerCase());
  return translated && rest.length === 0 ? textColumn(translated, locale) : undefined;
}

function textColumn(field: TextField, tag: string): CsvColumn | undefined {
  if (!localeTag.test(tag)) return undefined;
  return { kind: "text", field, locale: Intl.getCanonicalLocales(tag)[0] ?? tag };
}

/** A column's name in the header. */
export function columnTitle(column: CsvColumn): string {
  switch (column.kind) {
    case "field":
      return column.field;
    case "text":
      return `${column.field.replace(attributeField, attributePrefix)}.${column.locale}`;
    case "attribute":
      return attributePrefix + column.code;
  }
}

/** The column that a fault concerns: that of `texts.ja.name` is `name.ja`. */
export function columnAtFault({ field }: RowError): string {
  const [first, second = "", ...text] = field.split(".");
  if (first === "attributes" || first === "attributeCells") return attributePrefix + second;
  if (first !== "texts" || text.length === 0) return field;
  return `${text.join(".").replace(attributeField, attributePrefix)}.${second}`;
}

/**
 * Parses a CSV row. An empty cell is omitted.
 *
 * @param cells as many as there are columns
 * @param decimals those of the shop's currency
 */
export function readCsvRow(
  row: number,
  columns: readonly CsvColumn[],
  cells: readonly string[],
  decimals: number,
): ImportRow | RowError[] {
  const fields = new Map<ImportField, string>();
  const texts = new Map<string, Partial<Record<TextField, string>>>();
  const attributes = new Map<string, string>();
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? "";
    if (cell === "") continue;
    if (column.kind === "field") fields.set(column.field, cell);
    else if (column.kind === "attribute") attributes.set(column.code, fromCell(cell));
    else texts.set(column.locale, { ...texts.get(column.locale), [column.field]: writtenIn(cell) });
  }
  return checkRow(row, {
    ...readFields(fields, decimals),
    ...(texts.size > 0 ? { texts: Object.fromEntries(texts) } : {}),
    ...(attributes.size > 0 ? { attributeCells: Object.fromEntries(attributes) } : {}),
  });
}

function readFields(cells: ReadonlyMap<ImportField, string>, decimals: number): Record<string, unknown> {
  const cell = (field: ImportField) => cells.get(field)?.trim() || undefined;
  const written = (field: ImportField) => {
    const value = cells.get(field);
    return value === undefined ? undefined : writtenIn(value);
  };
  const list = (field: ImportField) => {
    const value = written(field);
    return value === undefined ? undefined : listFromCell(value);
  };
  const optionsCell = cell("options");
  return {
    product: cell("product"),
    name: written("name"),
    description: written("description"),
    category: cell("category"),
    status: cell("status"),
    merchant: cell("merchant"),
    brand: cell("brand"),
    type: cell("type"),
    tags: list("tags"),
    seoTitle: written("seoTitle"),
    seoDescription: written("seoDescription"),
    images: list("images"),
    sku: cell("sku"),
    ...readPrice(cell("price"), toInteger(cell("priceMinor")), decimals),
    stock: toInteger(cell("stock")),
    weightGrams: toInteger(cell("weightGrams")),
    options: optionsCell === undefined ? undefined : (optionsFromCell(optionsCell) ?? unreadable),
  };
}

/** Text as staff wrote it; spreadsheets break lines in their own way. */
function writtenIn(cell: string): string {
  return fromCell(cell).replaceAll("\r\n", "\n");
}

function toInteger(cell: string | undefined): unknown {
  return cell !== undefined && /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
}
