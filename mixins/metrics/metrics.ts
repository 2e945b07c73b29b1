import type { ServiceBroker } from "moleculer";
import type { Metric, Registry } from "prom-client";
import { inTime } from "../in-time.ts";

/** One number of a family, at this moment. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Where it is not the family's own: `_bucket`, `_sum` and `_count` of a histogram. */
  readonly metricName?: string;
}

/** A metric by all its labels. It is read when someone asks, and costs nothing until then. */
export interface Family {
  /** In Prometheus' manner: with its unit, and `_total` when it only grows. */
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** Nothing, when there is none to be had now. Labels have a bounded number of values, ids are none. */
  readonly read: () => readonly Sample[] | Promise<readonly Sample[]>;
}

/** A sample takes so long at most; what is slower is left out of the answer. */
const readWithinMs = 2000;

/** All that a node measures of itself. What is counted is counted in plain numbers, which are read when they are asked for. */
export class Metrics {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  add(...families: readonly Family[]): void {
    for (const { name, help, type, read } of families) {
      const metric = { name, help, type, get: async () => ({ name, help, type, values: await samplesOf(read) }) };
      // The library's type of a metric has all that its own kinds can do; it asks for no more than this.
      this.#registry.registerMetric(metric as unknown as Metric);
    }
  }

  /** In Prometheus' text format. */
  async text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}

/** One number without labels. */
export function only(value: number): Sample[] {
  return [{ labels: {}, value }];
}

/** What cannot be read now is missing; that the database or RabbitMQ is away, other metrics say. */
async function samplesOf(read: Family["read"]): Promise<readonly Sample[]> {
  return inTime(readWithinMs, Promise.resolve().then(read)).catch(() => []);
}

const known = new WeakMap<ServiceBroker, Metrics>();

/** What this node measures; undefined where it measures nothing. */
export function metricsOf(broker: ServiceBroker): Metrics | undefined {
  return known.get(broker);
}

export function keepMetrics(broker: ServiceBroker, metrics: Metrics): void {
  known.set(broker, metrics);
}
