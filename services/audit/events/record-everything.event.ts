import { on } from "../audit.dependencies.ts";
import { recordedEvents, subjectOf } from "../domain/audit-rules.ts";

/** Writes each durable event of the shop into the trail, in the transaction that takes it in: once, or not yet. */
export const recordEverything = on(recordedEvents, async (event, tx, { trail }) => {
  const subject = subjectOf(event.name, event.payload);
  await trail.append(
    {
      id: event.id,
      type: event.name,
      actor: event.actor,
      entity: subject.entity,
      entityId: subject.id,
      details: event.payload,
      requestId: event.requestId,
      occurredAt: event.occurredAt,
      recordedAt: Date.now(),
    },
    tx,
  );
});
