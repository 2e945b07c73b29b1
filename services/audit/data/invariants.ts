import type { Invariant } from "../../../mixins/database/invariant.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";
import { taskInvariants } from "../../../mixins/tasks/task-invariants.ts";
import { ChainRepository } from "./chain-repository.ts";
import { verifySegment } from "./verify-segment.ts";

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "audit.entries",
    says: "Every entry of the audit trail names what happened, and to what",
    subject: { table: "audit_events", key: "id" },
    broken: `SELECT id, type, entity, entity_id AS entityId FROM audit_events
             WHERE {page id} AND (type = '' OR entity = '' OR (entity_id IS NULL AND entity <> 'user'))`,
  },
  {
    code: "audit.chain",
    says: "Every entry of the audit trail is unchanged since it was recorded; none is missing or inserted",
    subject: { table: "audit_events", key: "id" },
    // Verifies hashes only, so the check needs no key. Reports the first fault of each segment.
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
  ...taskInvariants,
];
