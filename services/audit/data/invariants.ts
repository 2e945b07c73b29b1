import type { Invariant } from "../../../mixins/database/invariant.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";
import { ChainRepository } from "./chain-repository.ts";
import { verifySegment } from "./verify-segment.ts";

/** What always holds in this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "audit.entries",
    says: "Every entry of the audit trail says what happened, and to what",
    subject: { table: "audit_events", key: "id" },
    broken: `SELECT id, type, entity, entity_id AS entityId FROM audit_events
             WHERE {page id} AND (type = '' OR entity = '' OR (entity_id IS NULL AND entity <> 'user'))`,
  },
  {
    code: "audit.chain",
    says: "Every entry of the audit trail says what it said when it was recorded, and none lacks or was put in between",
    subject: { table: "audit_events", key: "id" },
    // Hashes only: whoever runs the check need not have the key. The first fault of each segment is named.
    async broken(database) {
      const chain = new ChainRepository(database);
      const found = [];
      for (let segment = 0, segments = 1; segment < segments; segment += 1) {
        const verified = await verifySegment(chain, segment);
        segments = verified.segments;
        if (verified.fault) found.push({ ...verified.fault });
      }
      return found;
    },
  },
  ...outboxInvariants,
];
