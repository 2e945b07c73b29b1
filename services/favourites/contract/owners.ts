import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { id } from "../../../mixins/contract/ids.ts";

/** Actions for services that tell customers news of a product. */
export const favouriteOwners = {
  "owners.list": action({
    summary: "Customers who keep a product as a favourite, in the order of their ids",
    access: "internal",
    params: z.strictObject({
      productId: id,
      after: id.optional().describe("`last` of the page before"),
      limit: z.int().min(1).max(500),
    }),
    result: z.strictObject({
      items: z.array(
        z.strictObject({
          ownerId: id,
          priceWhenAdded: z.int().nullable().describe("Minor units; null where it is unknown"),
        }),
      ),
      last: id.nullable().describe("null behind the last page"),
    }),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
};
