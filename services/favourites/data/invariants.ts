import type { Invariant } from "../../../mixins/database/invariant.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";

const counted = "(SELECT COUNT(*) FROM favourites f WHERE f.product_id = c.product_id)";

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "favourites.counts",
    says: "Every product has as many favourites as its count says",
    subject: { table: "favourite_counts", key: "product_id" },
    broken: `SELECT c.product_id AS productId, c.favourites, ${counted} AS counted FROM favourite_counts c
             WHERE {page c.product_id} AND c.favourites <> ${counted}`,
  },
  {
    code: "favourites.products",
    says: "Every favourite is counted, and has the price of its addition or none",
    subject: { table: "favourites", key: "id" },
    broken: `SELECT f.id AS favouriteId, f.product_id AS productId FROM favourites f
             WHERE {page f.id} AND (f.price_minor < 0 OR f.updated_at + {graceMs} < f.created_at
               OR NOT EXISTS (SELECT c.product_id FROM favourite_counts c WHERE c.product_id = f.product_id))`,
  },
  ...outboxInvariants,
];
