import type { Invariant } from "../../../mixins/database/invariant.ts";
import { viewsPerUser } from "./history-repository.ts";

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "history.limit",
    says: "No user's history has more than 200 products, and none was last looked at before it was first",
    subject: { table: "browsing_history", key: "id" },
    broken: `SELECT h.owner_id AS userId, h.product_id AS productId FROM browsing_history h
             WHERE {page h.id} AND (h.updated_at < h.created_at
               OR (SELECT COUNT(*) FROM browsing_history o WHERE o.owner_id = h.owner_id) > ${viewsPerUser})`,
  },
];
