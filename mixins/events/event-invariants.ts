import type { Invariant } from "../database/invariant.ts";

const outbox = { table: "outbox", key: "id" } as const;

/** What holds for the outbox of every service that publishes events. */
export const outboxInvariants: readonly Invariant[] = [
  {
    code: "events.no-dead-letters",
    says: "No event was set aside in an outbox because it could not be delivered",
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
];
