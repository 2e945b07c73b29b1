import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import { together } from "../audit.dependencies.ts";
import type { AuditEntry } from "../data/audit-repository.ts";
import { recordedEvents, subjectOf } from "../domain/audit-rules.ts";

/**
 * Writes each durable event of the shop into the trail, in the transaction that takes it in: once, or not yet. What
 * arrives together is chained together.
 */
export const recordEverything = together(recordedEvents, async (events, tx, { trail }) => {
  const now = Date.now();
  await trail.append(events.map((event) => entryOf(event, now)), tx);
});

function entryOf(event: EventEnvelope, recordedAt: number): AuditEntry {
  const subject = subjectOf(event.name, event.payload);
  return {
    id: event.id,
    type: event.name,
    actor: event.actor,
    entity: subject.entity,
    entityId: subject.id,
    details: event.payload,
    requestId: event.requestId,
    occurredAt: event.occurredAt,
    recordedAt,
  };
}
