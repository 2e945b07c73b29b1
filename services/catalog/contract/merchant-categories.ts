import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { expectedVersion, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { locale, localizedTexts, textsByLocale } from "../../../mixins/contract/localized.ts";
import { cache, headers, sellers } from "./access.ts";

const texts = { name: text(120) };
const shownTexts = { name: z.string() };
const position = z.int().min(0).max(10_000).describe("Among those of the same parent, in ascending order");

const category = z
  .strictObject({
    id,
    merchantId: id,
    parentId: id.nullable(),
    ...shownTexts,
    position: z.int(),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "MerchantCategory" });

const details = z
  .strictObject({ ...category.shape, texts: textsByLocale(shownTexts) })
  .meta({ id: "MerchantCategoryDetails" });

/** Merchants' own categories, beside those of the mall. */
export const merchantCategoryActions = {
  "merchant-categories.list": action({
    summary: "A merchant's own categories, parents before their children",
    access: "anyone",
    route: { method: "GET", path: "/merchants/{merchantId}/categories", caching: "public" },
    params: z.strictObject({ merchantId: id, locale }),
    result: z.strictObject({
      items: z.array(category.extend({ depth: z.int().describe("0 at the top") })).describe("At most 200"),
    }),
    errors: [],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "merchant-categories.create": action({
    summary: "Add a category of a merchant",
    access: sellers,
    route: { method: "POST", path: "/merchants/{merchantId}/categories", status: 201 },
    params: z.strictObject({
      merchantId: id,
      name: texts.name,
      texts: localizedTexts(texts).optional(),
      parentId: id.nullable().default(null),
      position: position.default(0),
    }),
    result: details,
    errors: ["not-found", "limit-reached"],
    idempotent: false,
  }),
  "merchant-categories.update": action({
    summary: "Rename or move a category of a merchant",
    access: sellers,
    route: { method: "PATCH", path: "/merchants/{merchantId}/categories/{id}", headers },
    params: z.strictObject({
      merchantId: id,
      id,
      name: texts.name.optional(),
      texts: localizedTexts(texts).optional(),
      parentId: id.nullable().optional(),
      position: position.optional(),
      expectedVersion,
    }),
    result: details,
    errors: ["not-found", "precondition-failed", "illegal-transition", "limit-reached"],
    idempotent: true,
  }),
  "merchant-categories.remove": action({
    summary: "Remove a category of a merchant that has none below it",
    description: "Its products stay.",
    access: sellers,
    route: { method: "DELETE", path: "/merchants/{merchantId}/categories/{id}" },
    params: z.strictObject({ merchantId: id, id }),
    result: z.null(),
    errors: ["not-found", "in-use"],
    idempotent: true,
  }),
  "products.sort-in": action({
    summary: "Put a product into categories of its merchant",
    description: "Replaces those that it was in.",
    access: sellers,
    route: { method: "PUT", path: "/products/{id}/merchant-categories" },
    params: z.strictObject({
      id,
      categoryIds: z
        .array(id)
        .max(20)
        .refine((all) => new Set(all).size === all.length, "must not name a category twice"),
    }),
    result: z.strictObject({ categoryIds: z.array(id) }),
    errors: ["not-found"],
    idempotent: true,
  }),
};
