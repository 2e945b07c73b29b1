import { z } from "zod";
import { event } from "../../../mixins/contract/contract.ts";
import { id } from "../../../mixins/contract/ids.ts";

const ofOwner = z.strictObject({ id, ownerId: id });
const about = { entity: "favourite", id: "id" } as const;

const count = z.strictObject({
  id,
  favourites: z.int().min(0),
  version: z.int().describe("Consumers keep the count with the highest"),
});

/** What a favourite is of is not told: the audit trail cannot erase personal data. */
export const favouriteEvents = {
  created: event({ summary: "A customer added a favourite", about, payload: ofOwner }),
  updated: event({ summary: "A customer changed a favourite's note", about, payload: ofOwner }),
  removed: event({ summary: "A customer removed a favourite", about, payload: ofOwner }),
  counted: event({
    summary: "Products are favourites of more or fewer customers than before",
    about: { entity: "favourite-counts", id: "batchId" },
    payload: z.strictObject({
      batchId: id,
      products: z.array(count).max(100),
    }),
    internal: true,
  }),
};
