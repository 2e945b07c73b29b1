import type { ServiceBroker } from "moleculer";
import type { EventEnvelope } from "./envelope.ts";
import type { EventTransport, Subscription } from "./transport.ts";

/** Delivery within one process: an event can be forgotten when every subscriber has committed its effect. */
class InProcessTransport implements EventTransport {
  readonly #subscriptions: Subscription[] = [];

  subscribe(subscription: Subscription): Promise<void> {
    this.#subscriptions.push(subscription);
    return Promise.resolve();
  }

  async send(events: readonly EventEnvelope[]): Promise<(Error | undefined)[]> {
    const faults = new Map<string, Error>();
    await Promise.all(
      this.#subscriptions.map(async (subscription) => {
        const wanted = events.filter((event) => subscription.events.includes(event.name));
        if (wanted.length === 0) return;
        const outcomes = await subscription.takeIn(wanted);
        outcomes.forEach((fault, index) => {
          const event = wanted[index];
          if (fault && event) faults.set(event.id, fault);
        });
      }),
    );
    return events.map((event) => faults.get(event.id));
  }
}

const transports = new WeakMap<ServiceBroker, EventTransport>();

/** The transport that all services of one broker share. */
export function inProcessTransport(broker: ServiceBroker): EventTransport {
  const known = transports.get(broker) ?? new InProcessTransport();
  transports.set(broker, known);
  return known;
}
