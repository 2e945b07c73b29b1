import { publicEvents } from "../../../mixins/contract/contract.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import type { NewDelivery, StoredEvent } from "../data/delivery-repository.ts";
import type { Endpoint } from "../data/endpoint-repository.ts";
import { passes } from "../domain/event-filter.ts";
import { bodyOf } from "../domain/public-event.ts";
import type { WebhooksDependencies } from "../webhooks.dependencies.ts";
import { onBatch } from "../webhooks.dependencies.ts";

type Filter = Pick<Endpoint, "id" | "events" | "enabled" | "ordered">;

/**
 * Queues a delivery of each event for each enabled webhook that wants it, in the transaction that consumes the
 * event, so exactly once. The event is stored once, also for webhooks that are disabled: they can replay it.
 */
export const queueDeliveries = onBatch([publicEvents], async (events, tx, dependencies) => {
  const { endpoints, deliveries, sender } = dependencies;
  const filters = await endpoints.filters(tx);
  if (filters.length === 0) return;
  const wanted = events.filter(({ name }) => filters.some((filter) => passes(filter.events, name)));
  if (wanted.length === 0) return;
  const now = Date.now();
  await deliveries.addEvents(storedOf(wanted, dependencies), now, tx);
  const queued: NewDelivery[] = [];
  for (const filter of filters.filter(({ enabled }) => enabled))
    queued.push(...(await deliveriesFor(filter, wanted, tx, dependencies)));
  await deliveries.add(queued, now, tx);
  sender.nudge();
});

function storedOf(
  events: readonly EventEnvelope[],
  { publicEvents: contracts }: WebhooksDependencies,
): StoredEvent[] {
  return events.map((event) => {
    const contract = contracts.get(event.name);
    if (!contract) throw new Error(`${event.name} is no public event of an installed service`);
    return { id: event.id, type: event.name, occurredAt: event.occurredAt, body: bodyOf(event, contract) };
  });
}

async function deliveriesFor(
  { id, events: filter, ordered }: Filter,
  events: readonly EventEnvelope[],
  tx: Tx,
  { endpoints }: WebhooksDependencies,
): Promise<NewDelivery[]> {
  const own = events.filter(({ name }) => passes(filter, name));
  const after = ordered && own.length > 0 ? await endpoints.takePositions(id, own.length, tx) : -1;
  return own.map((event, index) => ({
    endpointId: id,
    eventId: event.id,
    type: event.name,
    position: ordered ? after + 1 + index : 0,
  }));
}
