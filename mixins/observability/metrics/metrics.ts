import type { ServiceBroker } from "moleculer";
import type { Metric, Registry } from "prom-client";
import { withTimeout } from "../../support/with-timeout.ts";

/** One value of a family. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** For histograms: `_bucket`, `_sum` and `_count`. */
  readonly metricName?: string;
}

/** A metric family. Values are read on scrape and cost nothing before. */
export interface MetricFamily {
  /** Prometheus naming: with unit, and `_total` for counters. */
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** Empty when no value is available. Labels have bounded cardinality: no ids. */
  readonly read: () => readonly Sample[] | Promise<readonly Sample[]>;
}

/** Slower families are omitted from the scrape. */
const readTimeoutMs = 2000;

/** All metrics of a node: plain numbers, read on scrape. */
export class Metrics {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  add(...families: readonly MetricFamily[]): void {
    for (const { name, help, type, read } of families) {
      const metric = {
        name,
        help,
        type,
        get: async () => ({ name, help, type, values: await samplesOf(read) }),
      };
      // prom-client's type is wider than the interface that its registry uses.
      this.#registry.registerMetric(metric as unknown as Metric);
    }
  }

  /** Prometheus text format. */
  async text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}

/** A single value without labels. */
export function unlabelled(value: number): Sample[] {
  return [{ labels: {}, value }];
}

/** Families that fail or time out are omitted; other metrics report an unavailable database or RabbitMQ. */
async function samplesOf(read: MetricFamily["read"]): Promise<readonly Sample[]> {
  return withTimeout(readTimeoutMs, Promise.resolve().then(read)).catch(() => []);
}

const metricsByBroker = new WeakMap<ServiceBroker, Metrics>();

/** The node's metrics; undefined when disabled. */
export function metricsOf(broker: ServiceBroker): Metrics | undefined {
  return metricsByBroker.get(broker);
}

export function setMetrics(broker: ServiceBroker, metrics: Metrics): void {
  metricsByBroker.set(broker, metrics);
}
