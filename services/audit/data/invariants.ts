import type { Invariant } from "../../../mixins/database/invariant.ts";

/** What always holds in this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "audit.entries",
    says: "Every entry of the audit trail says what happened, and to what",
    subject: { table: "audit_events", key: "id" },
    broken: `SELECT id, type, entity, entity_id AS entityId FROM audit_events
             WHERE {page id} AND (type = '' OR entity = '' OR (entity_id IS NULL AND entity <> 'user'))`,
  },
];
