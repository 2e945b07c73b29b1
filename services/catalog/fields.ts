import { z } from "zod";
import { id } from "../../mixins/contract/ids.ts";
import { text } from "../../mixins/contract/fields.ts";
import type { FurtherFields } from "../../mixins/contract/localized.ts";
import { maxTextLength } from "./domain/attribute.ts";

export const sku = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "must be letters, digits, dots, hyphens and underscores");

/** Letters of any script: `Größe`, `颜色`, `Ring size`. Some scripts need the two joiners within words. */
const optionName = z
  .string()
  .normalize("NFC")
  .max(40)
  .regex(
    /^\p{L}(?:(?:[\p{L}\p{M}\p{N} -]|\u200c|\u200d)*[\p{L}\p{M}\p{N}-])?$/u,
    "must begin with a letter and have only letters, digits, blanks and hyphens",
  );

/** Title and description for search engines; absent ones are the name and the description. */
export const seo = z
  .strictObject({ title: text(120).optional(), description: text(400).optional() })
  .describe("For search engines, instead of the name and description");

/** A tag, the same in lower case and however its letters are encoded. */
const tag = text(40)
  .transform((value) => value.normalize("NFKC").toLowerCase())
  .pipe(z.string().min(1).max(40));

/** Tags of a product, each once. */
export const tags = z
  .array(tag)
  .max(20)
  .transform((values) => [...new Set(values)]);

/** Texts of localized attributes beside a product's own texts: `attributes.author`. */
export const attributeTexts: FurtherFields = {
  names: /^attributes\.[a-z][a-z0-9_]{0,39}$/,
  text: text(maxTextLength),
};

/** Options that distinguish a product's variants: `{ "colour": "red", "size": "M" }`. */
export const options = z
  .record(optionName, text(80))
  .refine((value) => Object.keys(value).length <= 8, "at most 8 options");

/** By what commissions and coupons tell goods apart. */
export const goodsScope = {
  brandId: id.optional(),
  categoryIds: z
    .array(id)
    .optional()
    .describe("The product's category and those above it, from the innermost out"),
} as const;
