import type { ServiceBroker } from "moleculer";
import type { EventEnvelope } from "../events/envelope.ts";
import type { EventTransport, Subscription } from "../events/transport.ts";
import { Counts } from "./counts.ts";
import { Durations } from "./durations.ts";
import { metricsOf } from "./metrics.ts";

type TakeIn = Subscription["takeIn"];

/** What became of events, and how long after their change. */
class DeliveryMeter {
  readonly delays = Durations.ofDelays();
  failures = 0;

  note(events: readonly EventEnvelope[], outcomes: readonly (Error | undefined)[]): void {
    const now = Date.now();
    for (const [index, { occurredAt }] of events.entries())
      if (outcomes[index]) this.failures += 1;
      else this.delays.note(Math.max(0, now - occurredAt));
  }
}

/** How fast events are on their way, for one node's services. */
export class DeliveryMetrics {
  readonly #relayed = new Map<string, DeliveryMeter>();
  readonly #takenIn = new Map<string, DeliveryMeter>();
  readonly #published = new Counts();

  /** The transport as a service's outbox sees it, measured. */
  sending(service: string, transport: Pick<EventTransport, "send">): Pick<EventTransport, "send"> {
    const meter = meterIn(this.#relayed, service);
    return {
      async send(events) {
        const outcomes = await transport.send(events);
        meter.note(events, outcomes);
        return outcomes;
      },
    };
  }

  takingIn(service: string, takeIn: TakeIn): TakeIn {
    const meter = meterIn(this.#takenIn, service);
    return async (events) => {
      const outcomes = await takeIn(events);
      meter.note(events, outcomes);
      return outcomes;
    };
  }

  published(events: readonly EventEnvelope[]): void {
    for (const { name } of events) this.#published.add(name);
  }

  register(broker: ServiceBroker): void {
    const relay = "shop_outbox_delay_seconds";
    const delivery = "shop_event_delay_seconds";
    metricsOf(broker)?.add(
      {
        name: "shop_events_published_total",
        help: "Events that transactions of this node have committed",
        type: "counter",
        read: () => this.#published.samples("event"),
      },
      {
        name: relay,
        help: "Time from a change until its event was handed over to RabbitMQ, or taken in by all in the embedded shape",
        type: "histogram",
        read: () => [...this.#relayed].flatMap(([service, { delays }]) => delays.samples(relay, { service })),
      },
      {
        name: delivery,
        help: "Time from a change until a consumer had committed what follows from it",
        type: "histogram",
        read: () => [...this.#takenIn].flatMap(([consumer, { delays }]) => delays.samples(delivery, { consumer })),
      },
      {
        name: "shop_event_failures_total",
        help: "Tries of a consumer at an event that failed",
        type: "counter",
        read: () => [...this.#takenIn].map(([consumer, { failures }]) => ({ labels: { consumer }, value: failures })),
      },
    );
  }
}

function meterIn(meters: Map<string, DeliveryMeter>, key: string): DeliveryMeter {
  const meter = meters.get(key) ?? new DeliveryMeter();
  meters.set(key, meter);
  return meter;
}

const known = new WeakMap<ServiceBroker, DeliveryMetrics>();

/** Undefined where nothing is measured. */
export function deliveryMetrics(broker: ServiceBroker): DeliveryMetrics | undefined {
  if (!metricsOf(broker)) return undefined;
  let metrics = known.get(broker);
  if (!metrics) {
    metrics = new DeliveryMetrics();
    metrics.register(broker);
    known.set(broker, metrics);
  }
  return metrics;
}
