import { minAuditRetentionDays } from "../../../config/env.ts";
import { allEvents } from "../../../mixins/contract/contract.ts";
import type { EventSubject } from "../../../mixins/contract/contract.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import { onBatch } from "../audit.dependencies.ts";
import type { AuditEntry } from "../data/audit-repository.ts";
import type { ChainRepository } from "../data/chain-repository.ts";
import { subjectOf } from "../domain/subject.ts";

const dayMs = 86_400_000;

/**
 * Records every durable event in the transaction that consumes it, so exactly once. A batch of events is
 * chained together.
 */
export const recordEvents = onBatch([allEvents], async (events, tx, { trail, chain, subjects }) => {
  const now = Date.now();
  const wanted = await notRemoved(events, now, chain, tx);
  if (wanted.length > 0)
    await trail.append(
      wanted.map((event) => entryOf(event, subjects, now)),
      tx,
    );
});

/**
 * Drops events older than the last removal by age. Such events arrive when an old dead letter is replayed, or
 * late; retention would have removed them already.
 */
async function notRemoved(
  events: readonly EventEnvelope[],
  now: number,
  chain: ChainRepository,
  tx: Tx,
): Promise<readonly EventEnvelope[]> {
  // Removal spares younger events, so this mostly saves the query.
  if (events.every(({ occurredAt }) => occurredAt > now - minAuditRetentionDays * dayMs)) return events;
  const newest = (await chain.checkpoints.newestRemoved(tx)) ?? -Infinity;
  return events.filter(({ occurredAt }) => occurredAt > newest);
}

function entryOf(
  event: EventEnvelope,
  subjects: ReadonlyMap<string, EventSubject>,
  recordedAt: number,
): AuditEntry {
  const about = subjects.get(event.name);
  if (!about) throw new Error(`no installed service publishes ${event.name}`);
  const subject = subjectOf(about, event.payload);
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
