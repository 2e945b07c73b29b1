import { z } from "zod";
import { longText, slug, text } from "../../../mixins/contract/fields.ts";
import type { TextChanges } from "../../../mixins/contract/localized.ts";
import { localizedTextsWith } from "../../../mixins/contract/localized.ts";
import { priceMinor } from "../../../mixins/contract/money.ts";
import { messageOf } from "../../../mixins/contract/validate.ts";
import { attributeCode, attributeValue } from "../contract/attributes.ts";
import { attributeTexts, options, seo, sku, tags } from "../fields.ts";
import type { AttributeValue } from "./product.ts";
import { productStatuses } from "./product-lifecycle.ts";
import { fromPriceText } from "./price-text.ts";

/** Fields of an import file. Omitted ones keep their values. */
export const importFields = [
  "product",
  "name",
  "description",
  "category",
  "status",
  "merchant",
  "brand",
  "type",
  "tags",
  "seoTitle",
  "seoDescription",
  "images",
  "sku",
  "price",
  "priceMinor",
  "stock",
  "weightGrams",
  "options",
] as const;

export type ImportField = (typeof importFields)[number];

/** One row: a product and, with a SKU, one of its variants. */
export interface ImportRow {
  /** Row number in the file, from 1; a CSV header is not counted. */
  readonly row: number;
  readonly product?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** Slug; null for none. */
  readonly category?: string | null | undefined;
  readonly status?: (typeof productStatuses)[number] | undefined;
  /** Slug; null for the shop itself. */
  readonly merchant?: string | null | undefined;
  /** Slug; null for none. */
  readonly brand?: string | null | undefined;
  /** Slug; null for none. */
  readonly type?: string | null | undefined;
  /** By code; null removes one. */
  readonly attributes?: Readonly<Record<string, AttributeValue | null>> | undefined;
  /** By code, as written in CSV: how to read one is known with the attribute. */
  readonly attributeCells?: Readonly<Record<string, string>> | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Null for none. */
  readonly seoTitle?: string | null | undefined;
  readonly seoDescription?: string | null | undefined;
  /** In other languages than the default. */
  readonly texts?: TextChanges | undefined;
  /** URLs, or names of files that came with the rows. */
  readonly images?: readonly string[] | undefined;
  readonly sku?: string | undefined;
  /** In minor units. */
  readonly price?: number | undefined;
  /** Opening stock of a new variant. */
  readonly stock?: number | undefined;
  readonly weightGrams?: number | null | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
}

/** Reason why a row was skipped. */
export interface RowError {
  readonly row: number;
  /** Empty when it concerns the whole row. */
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

const name = text(200);
const description = longText(10_000);

const shape = z.strictObject({
  product: slug.optional(),
  name: name.optional(),
  description: description.optional(),
  category: slug.nullable().optional(),
  status: z.enum(productStatuses).optional(),
  merchant: slug.nullable().optional(),
  brand: slug.nullable().optional(),
  type: slug.nullable().optional(),
  attributes: z.record(attributeCode, attributeValue.nullable()).optional(),
  attributeCells: z.record(attributeCode, longText(5000)).optional(),
  tags: tags.optional(),
  seoTitle: seo.shape.title.nullable(),
  seoDescription: seo.shape.description.nullable(),
  texts: localizedTextsWith({ name, description }, attributeTexts).optional(),
  images: z.array(text(2000)).max(20).optional(),
  sku: sku.optional(),
  price: priceMinor.optional(),
  stock: z.int().min(0).max(1_000_000).optional(),
  weightGrams: z.int().min(0).max(1_000_000).nullable().optional(),
  options: options.optional(),
});

/** Columns of the variant. */
const ofVariant = ["price", "stock", "weightGrams", "options"] as const;

/**
 * Parses a JSON row.
 *
 * @param decimals those of the shop's currency
 */
export function readJsonRow(row: number, given: unknown, decimals: number): ImportRow | RowError[] {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return [{ row, field: "", code: "invalid-type", message: "must be an object" }];
  const { price, priceMinor: minor, ...rest } = given as Record<string, unknown>;
  if ("attributeCells" in rest) return [unknownField(row, "attributeCells")];
  return checkRow(row, { ...rest, ...readPrice(price, minor, decimals) });
}

/** Matches no column's type, so validation of the row reports it. */
export const unreadable = Symbol("unreadable");

/** The price in minor units from a price in the shop's currency, or from minor units. */
export function readPrice(price: unknown, minor: unknown, decimals: number): { price?: unknown } {
  if (price === undefined || price === null)
    return minor === undefined || minor === null ? {} : { price: minor };
  if (typeof price !== "string" && typeof price !== "number") return { price: unreadable };
  const read = fromPriceText(String(price), decimals);
  // `price` and `priceMinor` must agree if both are given.
  return { price: read === undefined || (minor !== undefined && minor !== read) ? unreadable : read };
}

/** Checks the values of a row's fields, apart from what they refer to. */
export function checkRow(row: number, given: Readonly<Record<string, unknown>>): ImportRow | RowError[] {
  const checked = shape.safeParse(given, { error: messageOf });
  if (!checked.success) return checked.error.issues.flatMap((issue) => faults(row, issue));
  const data = { ...checked.data, texts: withCanonicalTags(checked.data.texts) };
  if (data.sku !== undefined) return { row, ...data };
  if (data.product === undefined)
    return [{ row, field: "product", code: "required", message: "needs a product or a SKU" }];
  const loose = ofVariant.find((field) => data[field] !== undefined && data[field] !== null);
  if (loose)
    return [{ row, field: loose, code: "needs-sku", message: "belongs to a variant, but there is no SKU" }];
  return { row, ...data };
}

/** Languages as the shop's are written: `zh-cn` becomes `zh-CN`. */
function withCanonicalTags(texts: TextChanges | undefined): TextChanges | undefined {
  if (texts === undefined) return undefined;
  const entries = Object.entries(texts).map(([tag, fields]) => [
    Intl.getCanonicalLocales(tag)[0] ?? tag,
    fields,
  ]);
  return Object.fromEntries(entries) as TextChanges;
}

function faults(row: number, issue: z.core.$ZodIssue): RowError[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownField(row, key));
  const [first = "", ...further] = issue.path.map(String);
  if (first === "price")
    return [{ row, field: first, code: "invalid-price", message: "must be a price in the shop's currency" }];
  if (first === "options")
    return [{ row, field: first, code: "invalid-options", message: "must be like colour=red;size=M" }];
  // Of a list, the whole is named; of attributes and texts, the one at fault.
  const isNested = first === "attributes" || first === "attributeCells" || first === "texts";
  const field = isNested ? [first, ...further].join(".").slice(0, 80) : first;
  return [{ row, field, code: issue.code.replaceAll("_", "-"), message: issue.message }];
}

function unknownField(row: number, field: string): RowError {
  return { row, field: field.slice(0, 40), code: "unknown-field", message: "Unknown field" };
}
