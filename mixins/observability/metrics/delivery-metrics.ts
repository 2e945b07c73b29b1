import type { ServiceBroker } from "moleculer";
import type { EventEnvelope } from "../../events/envelope.ts";
import type { OutboxPublisher, Subscription } from "../../events/transport-interface.ts";
import { Counts } from "./counts.ts";
import { DurationHistogram } from "./durations.ts";
import { metricsOf } from "./metrics.ts";

type Consume = Subscription["consume"];

/** Delay of events since their change, and failures. */
class DeliveryMeter {
  readonly delays = DurationHistogram.forDelays();
  failures = 0;

  record(events: readonly EventEnvelope[], outcomes: readonly (Error | undefined)[]): void {
    const now = Date.now();
    for (const [index, { occurredAt }] of events.entries())
      if (outcomes[index]) this.failures += 1;
      else this.delays.record(Math.max(0, now - occurredAt));
  }
}

/** Delivery delays of this node's services. */
export class DeliveryMetrics {
  readonly #relayed = new Map<string, DeliveryMeter>();
  readonly #consumed = new Map<string, DeliveryMeter>();
  readonly #published = new Counts();

  /** A service's outlet, instrumented. */
  measureOutlet(service: string, outlet: OutboxPublisher): OutboxPublisher {
    const meter = meterIn(this.#relayed, service);
    return {
      ...outlet,
      async send(events) {
        const outcomes = await outlet.send(events);
        meter.record(events, outcomes);
        return outcomes;
      },
    };
  }

  measureConsumer(service: string, consume: Consume): Consume {
    const meter = meterIn(this.#consumed, service);
    return async (events) => {
      const outcomes = await consume(events);
      meter.record(events, outcomes);
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
        help: "Events committed by transactions of this node",
        type: "counter",
        read: () => this.#published.samples("event"),
      },
      {
        name: relay,
        help: "Time from a change until RabbitMQ, or in the embedded shape every consumer, has stored its event",
        type: "histogram",
        read: () => [...this.#relayed].flatMap(([service, { delays }]) => delays.samples(relay, { service })),
      },
      {
        name: delivery,
        help: "Time from a change until a consumer has committed its effect",
        type: "histogram",
        read: () =>
          [...this.#consumed].flatMap(([consumer, { delays }]) => delays.samples(delivery, { consumer })),
      },
      {
        name: "shop_event_failures_total",
        help: "Failed attempts of a consumer",
        type: "counter",
        read: () =>
          [...this.#consumed].map(([consumer, { failures }]) => ({ labels: { consumer }, value: failures })),
      },
    );
  }
}

function meterIn(meters: Map<string, DeliveryMeter>, key: string): DeliveryMeter {
  const meter = meters.get(key) ?? new DeliveryMeter();
  meters.set(key, meter);
  return meter;
}

const metricsByBroker = new WeakMap<ServiceBroker, DeliveryMetrics>();

/** Undefined without metrics. */
export function deliveryMetrics(broker: ServiceBroker): DeliveryMetrics | undefined {
  if (!metricsOf(broker)) return undefined;
  let metrics = metricsByBroker.get(broker);
  if (!metrics) {
    metrics = new DeliveryMetrics();
    metrics.register(broker);
    metricsByBroker.set(broker, metrics);
  }
  return metrics;
}
