import type { ServiceBroker } from "moleculer";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import type { EventName } from "../../mixins/contract/calls.ts";
import { eventTransport } from "../../mixins/events/open-event-transport.ts";

/**
 * Records durable events in place of the audit service. Each once, as with an inbox: they are delivered at least
 * once.
 */
export function recordEvents(
  broker: ServiceBroker,
  events: readonly EventName[],
  record: (event: EventEnvelope) => void,
): Promise<void> {
  const seen = new Set<string>();
  return eventTransport(broker).subscribe({
    service: "audit",
    events,
    consume: (batch) => {
      for (const event of batch) if (!seen.has(event.id)) record(event);
      for (const { id } of batch) seen.add(id);
      return Promise.resolve(batch.map(() => undefined));
    },
  });
}
