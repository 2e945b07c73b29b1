import { leastAuditRetentionDays } from "../../../config/env.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import { together } from "../audit.dependencies.ts";
import type { AuditEntry } from "../data/audit-repository.ts";
import type { ChainRepository } from "../data/chain-repository.ts";
import { recordedEvents, subjectOf } from "../domain/audit-rules.ts";

const dayMs = 86_400_000;

/**
 * Writes each durable event of the shop into the trail, in the transaction that takes it in: once, or not yet. What
 * arrives together is chained together.
 */
export const recordEverything = together(recordedEvents, async (events, tx, { trail, chain }) => {
  const now = Date.now();
  const wanted = await notRemoved(events, now, chain, tx);
  if (wanted.length > 0) await trail.append(wanted.map((event) => entryOf(event, now)), tx);
});

/**
 * Without those that are as old as what was removed because of its age. They come again, when a letter that was dead for
 * long is replayed, or come too late: the trail would have forgotten them by now.
 */
async function notRemoved(
  events: readonly EventEnvelope[],
  now: number,
  chain: ChainRepository,
  tx: Tx,
): Promise<readonly EventEnvelope[]> {
  // Nothing younger is ever removed, so that hardly ever anyone has to be asked.
  if (events.every(({ occurredAt }) => occurredAt > now - leastAuditRetentionDays * dayMs)) return events;
  const newest = (await chain.checkpoints.newestRemoved(tx)) ?? -Infinity;
  return events.filter(({ occurredAt }) => occurredAt > newest);
}

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
