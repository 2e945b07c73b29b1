import { z } from "zod";
import { text } from "../contract/fields.ts";

export const sku = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "must be letters, digits, dots, hyphens and underscores");

/** What tells a product's variants apart: `{ "colour": "red", "size": "M" }`. */
export const options = z
  .record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/), text(80))
  .refine((value) => Object.keys(value).length <= 8, "at most 8 options");
