import type { Invariant } from "../../../mixins/database/invariant.ts";

/** What always holds in this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "audit.after-the-fact",
    says: "Every entry of the audit trail names an event that this shop knows how to read, and what it happened to",
    subject: { table: "audit_events", key: "id" },
    broken: `SELECT id, type, entity, entity_id AS entityId FROM audit_events
             WHERE {page id} AND (type = '' OR entity = '' OR (entity_id IS NULL AND entity <> 'user'))`,
  },
];
