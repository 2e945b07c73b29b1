import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import type { EventEnvelope } from "../../../../mixins/events/envelope.ts";
import { idTime } from "../../../../mixins/contract/ids.ts";
import type { Database } from "../../../../mixins/database/database.ts";
import type { Disagreement, InvariantOfShop } from "../across-services.ts";
import { publishersOf } from "../pending-events.ts";

const subjectOf = { table: "outbox", key: "id", where: "status = 'sent'" } as const;

/** Compares stored outbox events that went through queues with the inboxes. */
export const sentEventsAreConsumed: InvariantOfShop = (shop) => ({
  code: "events.taken-in",
  says: "Every event sent in the last `EVENT_HISTORY_HOURS` has been consumed by every subscribed service",
  of: [],
  about: "event",
  subjects: publishersOf(shop).map((service) => ({ service, ...subjectOf })),
  async disagreements(databases, scope, { inboxRetainedSince }) {
    const found: Disagreement[] = [];
    for (const publisher of publishersOf(shop)) {
      const { sql, values } = scopeCondition("id", scope);
      const text = `SELECT envelope FROM outbox WHERE ${subjectOf.where} AND JSON_VALID(envelope) AND ${sql}`;
      const rows = await (databases[publisher] as Database).select<{ envelope: string }>(text, values);
      const sent = rows
        .map(({ envelope }) => JSON.parse(envelope) as EventEnvelope)
        .filter(({ id }) => idTime(id) >= inboxRetainedSince);
      for (const { name: consumer } of shop.services) {
        const consumes = shop.contracts.find(({ name }) => name === consumer)?.consumes ?? [];
        const due = sent.filter(({ name }) => consumes.includes(name));
        if (due.length === 0) continue;
        const inbox = "SELECT event_id AS id FROM inbox WHERE event_id IN (?)";
        const consumedRows = await (databases[consumer] as Database).select<{ id: string }>(inbox, [
          due.map(({ id }) => id),
        ]);
        const known = new Set(consumedRows.map(({ id }) => id));
        for (const { id: eventId, name } of due)
          if (!known.has(eventId))
            found.push({ key: eventId, row: { eventId, event: name, lacks: consumer } });
      }
    }
    return found;
  },
});
