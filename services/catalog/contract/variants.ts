import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { expectedVersion, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { locale } from "../../../mixins/contract/localized.ts";
import { money, priceMinor } from "../../../mixins/contract/money.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { goodsScope, options, sku } from "../fields.ts";
import { cache, headers, sellers } from "./access.ts";

export const variant = z
  .strictObject({
    id,
    productId: id,
    sku: z.string(),
    options: z.record(z.string(), z.string()),
    price: money,
    weightGrams: z.int().nullable(),
    available: z.int().describe("Quantity available to order"),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Variant" });

export const newVariant = z.strictObject({
  sku,
  options: options.default({}),
  priceMinor: priceMinor.describe("In minor units of the shop's currency"),
  weightGrams: z.int().min(0).max(1_000_000).optional(),
});

export const variantActions = {
  "variants.list": action({
    summary: "A product's variants",
    access: "anyone",
    route: { method: "GET", path: "/products/{productId}/variants", caching: "public" },
    params: z.strictObject({ productId: id, ...pageParams(["sku", "price", "createdAt"], "sku") }),
    result: page(variant),
    errors: ["not-found"],
    idempotent: true,
    reads: "replica",
    cache,
  }),
  "variants.get": action({
    summary: "A variant",
    access: "anyone",
    route: { method: "GET", path: "/variants/{id}", caching: "public" },
    params: z.strictObject({ id }),
    result: variant,
    errors: ["not-found"],
    idempotent: true,
    reads: "replica",
    cache,
  }),
  "variants.create": action({
    summary: "Add a variant to a product",
    access: sellers,
    route: {
      method: "POST",
      path: "/products/{productId}/variants",
      status: 201,
      location: "/variants/{id}",
    },
    params: z.strictObject({ productId: id, ...newVariant.shape }),
    result: variant,
    errors: ["not-found", "already-exists", "limit-reached"],
    idempotent: false,
  }),
  "variants.update": action({
    summary: "Change a variant's price, options, SKU or weight",
    access: sellers,
    route: { method: "PATCH", path: "/variants/{id}", headers },
    params: z.strictObject({
      id,
      sku: sku.optional(),
      options: options.optional(),
      priceMinor: priceMinor.optional(),
      weightGrams: z.int().min(0).max(1_000_000).nullable().optional(),
      expectedVersion,
    }),
    result: variant,
    errors: ["not-found", "already-exists", "precondition-failed"],
    idempotent: true,
  }),
  "variants.remove": action({
    summary: "Remove a variant that never had stock",
    access: sellers,
    route: { method: "DELETE", path: "/variants/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found", "in-use"],
    idempotent: true,
  }),
  "variants.lookup": action({
    summary: "Look up variants for a cart; unknown ids are omitted",
    access: "internal",
    params: z.strictObject({
      ids: z.array(id).min(1).max(100),
      withScopes: z.literal(true).optional().describe("Tell brands and categories, for a coupon"),
      locale,
    }),
    result: z.array(
      z.strictObject({
        variantId: id,
        productId: id,
        productSlug: z.string(),
        merchantId: id.nullable(),
        ...goodsScope,
        name: z.string().describe("The product's name"),
        sku: z.string(),
        options: z.record(z.string(), z.string()),
        price: money,
        onSale: z.boolean().describe("True when its product is published and its merchant may sell"),
        available: z.int(),
        weightGrams: z.int().nullable().optional(),
      }),
    ),
    errors: [],
    idempotent: true,
    reads: "replica",
    localized: true,
  }),
  "variants.find": action({
    summary: "Find a variant by SKU; its product may have any status",
    access: "internal",
    params: z.strictObject({ sku }),
    result: variant,
    errors: ["not-found"],
    idempotent: true,
  }),
};
