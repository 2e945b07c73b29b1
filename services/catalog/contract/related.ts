import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { idOrSlug } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { locale } from "../../../mixins/contract/localized.ts";
import { cache, sellers } from "./access.ts";
import { productSummary } from "./products.ts";

export const relatedActions = {
  "products.related": action({
    summary: "Products related to a product",
    access: "anyone",
    route: { method: "GET", path: "/products/{idOrSlug}/related", caching: "public" },
    params: z.strictObject({ idOrSlug, locale }),
    result: z.strictObject({
      chosen: z.array(productSummary).describe("By staff, in their order"),
      boughtTogether: z
        .array(productSummary)
        .describe("The 12 most often ordered with it, lately more than long ago"),
    }),
    errors: ["not-found", "moved"],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "products.relate": action({
    summary: "Set the related products of a product and their order",
    access: sellers,
    route: { method: "PUT", path: "/products/{id}/related" },
    params: z
      .strictObject({
        id,
        productIds: z
          .array(id)
          .max(20)
          .refine((all) => new Set(all).size === all.length, "must not name a product twice"),
      })
      .refine((params) => !params.productIds.includes(params.id), "a product is not related to itself"),
    result: z.strictObject({ productIds: z.array(id) }),
    errors: ["not-found"],
    idempotent: true,
  }),
};
