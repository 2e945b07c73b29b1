import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { expectedVersion, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { headers, staff } from "./access.ts";
import { basisPoints } from "./fields.ts";

const maxCategories = 100;

/** Commission on sales, before what is valid from a time. */
const rates = {
  basisPoints: basisPoints.describe("Commission on the price of goods: 1250 is 12.5 %"),
  categories: z
    .array(z.strictObject({ categoryId: id, basisPoints }))
    .max(maxCategories)
    .refine((all) => new Set(all.map(({ categoryId }) => categoryId)).size === all.length, {
      message: "must name each category once",
    })
    .describe("Other commissions for products of these categories of the mall and of those below them"),
};

const terms = z
  .strictObject({
    merchantId: id,
    version: z.int(),
    items: z
      .array(z.strictObject({ version: z.int(), validFrom: timestamp, ...rates, createdAt: timestamp }))
      .describe(
        "Newest first, at most 100. At any time the terms with the highest version hold among those whose `validFrom` has come",
      ),
  })
  .meta({ id: "MerchantTerms" });

export const termsActions = {
  "terms.get": action({
    summary: "A merchant's commission",
    access: { merchantOr: "settlements:read" },
    route: { method: "GET", path: "/merchants/{id}/terms" },
    params: z.strictObject({ id }),
    result: terms,
    errors: ["not-found"],
    idempotent: true,
  }),
  "terms.set": action({
    summary: "Set a merchant's commission from a time on",
    description:
      "Replaces the whole commission, from `validFrom` on, including changes that were announced for later. Sales before keep theirs.",
    access: staff,
    movesMoney: true,
    route: { method: "PUT", path: "/merchants/{id}/terms", headers },
    params: z.strictObject({
      id,
      basisPoints: rates.basisPoints,
      categories: rates.categories.default([]),
      validFrom: timestamp.optional().describe("Now when omitted; not in the past"),
      expectedVersion,
    }),
    result: terms,
    errors: ["not-found", "precondition-failed"],
    idempotent: true,
  }),
};

export const termsEvents = {
  "terms-changed": event({
    summary: "A merchant has a commission, from a time on",
    about: { entity: "merchant", id: "merchantId" },
    payload: z.strictObject({
      merchantId: id,
      version: z
        .int()
        .describe("At any time the terms with the highest version hold among those whose validFrom has come"),
      validFrom: timestamp,
      ...rates,
    }),
  }),
};
