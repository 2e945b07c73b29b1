import type { ServerResponse } from "node:http";
import { Counts } from "../../../mixins/observability/metrics/counts.ts";
import { DurationHistogram } from "../../../mixins/observability/metrics/durations.ts";
import type { MetricFamily, Sample } from "../../../mixins/observability/metrics/metrics.ts";
import type { ErrorCode } from "../../../mixins/contract/errors.ts";
import type { Alias } from "../routing/moleculer-web.ts";
import { templateOf } from "../routing/moleculer-web.ts";

/** Measurements of one route. */
export class RouteMeter {
  readonly labels: Readonly<Record<string, string>>;
  readonly durations = DurationHistogram.forLatency();
  readonly statuses = new Counts<number>();
  readonly errors = new Counts<ErrorCode>();

  constructor(method: string, route: string) {
    this.labels = { method, route };
  }

  /** Records a cached response; its duration is below the smallest bucket. */
  recordCacheHit(status: number): void {
    this.statuses.add(status);
    this.durations.recordInstant();
  }

  record(status: number, ms: number): void {
    this.statuses.add(status);
    this.durations.record(ms);
  }
}

/** Status for a client that disconnects before the response, as in nginx. */
const clientClosedRequest = 499;

/** Rate, errors and durations of requests by route; the label is the contract's path, not the client's. */
export class HttpMetrics {
  readonly #meters = new Map<Alias, RouteMeter>();
  /** Requests without a matching route. */
  readonly #unrouted = new RouteMeter("any", "none");

  meterOf(alias: Alias | undefined): RouteMeter {
    if (!alias) return this.#unrouted;
    const known = this.#meters.get(alias);
    if (known) return known;
    const meter = new RouteMeter(alias.method, templateOf(alias));
    this.#meters.set(alias, meter);
    return meter;
  }

  /** Records a finished request. */
  recordRequest(alias: Alias | undefined, response: ServerResponse, ms: number, error?: ErrorCode): void {
    const meter = this.meterOf(alias);
    meter.record(response.headersSent ? response.statusCode : clientClosedRequest, ms);
    if (error) meter.errors.add(error);
  }

  families(): MetricFamily[] {
    const name = "shop_http_request_duration_seconds";
    const read = (samplesOf: (meter: RouteMeter) => Sample[]) => () =>
      [...this.#meters.values(), this.#unrouted]
        .filter(({ durations }) => durations.hasSamples)
        .flatMap(samplesOf);
    return [
      {
        name,
        help: "Time from a request's headers to the end of its response; cached responses count as zero",
        type: "histogram",
        read: read(({ durations, labels }) => durations.samples(name, labels)),
      },
      {
        name: "shop_http_requests_total",
        help: "Requests by response status; 499 when the client disconnected first",
        type: "counter",
        read: read(({ statuses, labels }) => statuses.samples("status", labels)),
      },
      {
        name: "shop_http_errors_total",
        help: "Requests answered with a problem, by its code",
        type: "counter",
        read: read(({ errors, labels }) => errors.samples("code", labels)),
      },
    ];
  }
}
