import { z } from "zod";
import { event } from "../../../mixins/contract/contract.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { merchantStatus } from "../../merchants/merchants.contract.ts";

/** Changed fields only, before and after. */
const snapshot = z.record(z.string(), z.unknown()).nullable();

export const catalogueEvents = {
  changed: event({
    summary:
      "Staff created, changed or removed a category, brand, collection, type, attribute, product, variant, or synonyms or a pin of the search",
    about: { entityFrom: "entity", id: "id" },
    payload: z.strictObject({
      entity: z.enum([
        "category",
        "brand",
        "collection",
        "product-type",
        "attribute",
        "product",
        "variant",
        "search-synonyms",
        "search-pin",
        "merchant-category",
      ]),
      id,
      change: z.enum(["created", "updated", "removed"]),
      productId: id.optional().describe("Of a variant that was changed: its product"),
      before: snapshot,
      after: snapshot,
      publishedBy: z
        .strictObject({ before: id.nullable(), after: id.nullable() })
        .optional()
        .describe("Merchants whose published product it was and is, when that has changed"),
    }),
  }),
  "merchant-copied": event({
    summary: "The catalogue has heard of a merchant's state: its products are on or off sale from now on",
    about: { entity: "merchant", id: "merchantId" },
    payload: z.strictObject({ merchantId: id, status: merchantStatus, version: z.int() }),
    internal: true,
  }),
};
