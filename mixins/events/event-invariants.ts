import type { Invariant } from "../database/invariant.ts";
import { lacksText } from "../database/invariant.ts";

const outbox = { table: "outbox", key: "id" } as const;

/** Invariants of the outbox of every publishing service. */
export const outboxInvariants: readonly Invariant[] = [
  {
    code: "events.no-dead-letters",
    says: "No outbox has dead letters",
    severity: "warning",
    subject: outbox,
    broken: `SELECT id AS eventId, attempts, last_error AS error FROM outbox
             WHERE status = 'dead' AND {page id}`,
  },
  {
    code: "events.all-delivered",
    says: "No event waits in an outbox",
    whenSettled: true,
    subject: outbox,
    broken: `SELECT id AS eventId, attempts, last_error AS error FROM outbox
             WHERE status = 'waiting' AND {page id}`,
  },
  {
    code: "events.readable",
    says: "Every event in an outbox is waiting, sent or dead, and its envelope is readable and has its own id",
    subject: outbox,
    broken: `SELECT id AS eventId, status, attempts FROM outbox
             WHERE {page id} AND (status NOT IN ('waiting', 'sent', 'dead') OR attempts < 0
               OR ${lacksText("envelope", ["id", "name", "occurredAt", "payload"])}
               OR envelope NOT LIKE CONCAT('%"id":"', id, '"%'))`,
  },
];
