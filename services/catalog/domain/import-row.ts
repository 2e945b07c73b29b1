import { z } from "zod";
import { longText, slug, text } from "../../contract/fields.ts";
import { priceMinor } from "../../contract/money.ts";
import { options, sku } from "../fields.ts";
import { fromCell, optionsFromCell } from "./csv-cell.ts";
import { productStatuses } from "./product-lifecycle.ts";
import { fromPriceText } from "./price-text.ts";

/** What a row may say. What it leaves out stays as it is. */
export const importFields = [
  "product",
  "name",
  "description",
  "category",
  "status",
  "sku",
  "price",
  "priceMinor",
  "stock",
  "weightGrams",
  "options",
] as const;

export type ImportField = (typeof importFields)[number];

/** One row of a file: a product and, when it has a SKU, one of its variants. */
export interface ImportRow {
  /** The row's number among the file's rows, from 1; the header of a CSV is not counted. */
  readonly row: number;
  readonly product?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** Slug; null for none. */
  readonly category?: string | null | undefined;
  readonly status?: (typeof productStatuses)[number] | undefined;
  readonly sku?: string | undefined;
  /** In minor units. */
  readonly price?: number | undefined;
  /** What a new variant is received with. */
  readonly stock?: number | undefined;
  readonly weightGrams?: number | null | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
}

/** Why a row was left out. */
export interface RowError {
  readonly row: number;
  /** Empty when it is about the row as a whole. */
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

const fields = {
  product: slug.optional(),
  name: text(200).optional(),
  description: longText(10_000).optional(),
  category: slug.nullable().optional(),
  status: z.enum(productStatuses).optional(),
  sku: sku.optional(),
  stock: z.int().min(0).max(1_000_000).optional(),
  weightGrams: z.int().min(0).max(1_000_000).nullable().optional(),
  options: options.optional(),
};

const shape = z.strictObject({ ...fields, price: priceMinor.optional() });

/** Those that say something of a variant. */
const ofVariant = ["price", "stock", "weightGrams", "options"] as const;

/**
 * Reads what a row of JSON says.
 *
 * @param decimals those of the shop's currency
 */
export function readJsonRow(row: number, given: unknown, decimals: number): ImportRow | RowError[] {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return [{ row, field: "", code: "invalid-type", message: "must be an object" }];
  const { price, priceMinor: minor, ...rest } = given as Record<string, unknown>;
  return check(row, { ...rest, ...readPrice(price, minor, decimals) });
}

/** Reads what a row of CSV says: cells by field. An empty cell says nothing. */
export function readCsvRow(row: number, cells: ReadonlyMap<ImportField, string>, decimals: number): ImportRow | RowError[] {
  const cell = (field: ImportField) => cells.get(field)?.trim() || undefined;
  const written = (field: ImportField) => {
    const value = cells.get(field);
    return value ? fromCell(value) : undefined;
  };
  const optionsCell = cell("options");
  return check(row, {
    product: cell("product"),
    name: written("name"),
    description: written("description")?.replaceAll("\r\n", "\n"),
    category: cell("category"),
    status: cell("status"),
    sku: cell("sku"),
    ...readPrice(cell("price"), toInteger(cell("priceMinor")), decimals),
    stock: toInteger(cell("stock")),
    weightGrams: toInteger(cell("weightGrams")),
    options: optionsCell === undefined ? undefined : (optionsFromCell(optionsCell) ?? unreadable),
  });
}

/** A value that no field accepts, so that the row's check tells of it. */
const unreadable = Symbol("unreadable");

function toInteger(cell: string | undefined): unknown {
  return cell !== undefined && /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
}

function readPrice(price: unknown, minor: unknown, decimals: number): { price?: unknown } {
  if (price === undefined || price === null) return minor === undefined || minor === null ? {} : { price: minor };
  if (typeof price !== "string" && typeof price !== "number") return { price: unreadable };
  const read = fromPriceText(String(price), decimals);
  // Two prices are none, unless they are the same.
  return { price: read === undefined || (minor !== undefined && minor !== read) ? unreadable : read };
}

function check(row: number, given: Readonly<Record<string, unknown>>): ImportRow | RowError[] {
  const checked = shape.safeParse(given);
  if (!checked.success) return checked.error.issues.flatMap((issue) => faults(row, issue));
  const { data } = checked;
  if (data.sku !== undefined) return { row, ...data };
  if (data.product === undefined) return [{ row, field: "product", code: "required", message: "needs a product or a SKU" }];
  const loose = ofVariant.find((field) => data[field] !== undefined && data[field] !== null);
  if (loose) return [{ row, field: loose, code: "needs-sku", message: "belongs to a variant, but there is no SKU" }];
  return { row, ...data };
}

function faults(row: number, issue: z.core.$ZodIssue): RowError[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ row, field: key.slice(0, 40), code: "unknown-field", message: "There is no such field" }));
  const field = String(issue.path[0] ?? "");
  if (field === "price") return [{ row, field, code: "invalid-price", message: "must be a price in the shop's currency" }];
  if (field === "options") return [{ row, field, code: "invalid-options", message: "must be like colour=red;size=M" }];
  return [{ row, field, code: issue.code.replaceAll("_", "-"), message: issue.message }];
}
