import type { ServerResponse } from "node:http";
import { Counts } from "../../mixins/metrics/counts.ts";
import { Durations } from "../../mixins/metrics/durations.ts";
import type { Family, Sample } from "../../mixins/metrics/metrics.ts";
import type { ErrorCode } from "../contract/errors.ts";
import type { Alias } from "./moleculer-web.ts";
import { templateOf } from "./moleculer-web.ts";

/** What happened to the requests of one route. */
export class RouteMeter {
  readonly labels: Readonly<Record<string, string>>;
  readonly durations = Durations.ofWork();
  readonly statuses = new Counts<number>();
  readonly errors = new Counts<ErrorCode>();

  constructor(method: string, route: string) {
    this.labels = { method, route };
  }

  /** An answer was given from kept bytes: that takes far less than the shortest time that is told apart. */
  gaveKept(status: number): void {
    this.statuses.add(status);
    this.durations.noteInstant();
  }

  gave(status: number, ms: number): void {
    this.statuses.add(status);
    this.durations.note(ms);
  }
}

/** A client that goes away before it has an answer, as nginx counts it. */
const clientLeft = 499;

/** Rate, errors and durations of requests by route: the contract's path, never the one that was sent. */
export class HttpMetrics {
  readonly #meters = new Map<Alias, RouteMeter>();
  /** For what no route takes. */
  readonly #unrouted = new RouteMeter("any", "none");

  meterOf(alias: Alias | undefined): RouteMeter {
    if (!alias) return this.#unrouted;
    const known = this.#meters.get(alias);
    if (known) return known;
    const made = new RouteMeter(alias.method, templateOf(alias));
    this.#meters.set(alias, made);
    return made;
  }

  /** To be called when a request is done with. */
  done(alias: Alias | undefined, response: ServerResponse, ms: number, error?: ErrorCode): void {
    const meter = this.meterOf(alias);
    meter.gave(response.headersSent ? response.statusCode : clientLeft, ms);
    if (error) meter.errors.add(error);
  }

  families(): Family[] {
    const name = "shop_http_request_duration_seconds";
    const read = (samplesOf: (meter: RouteMeter) => Sample[]) => () =>
      [...this.#meters.values(), this.#unrouted].filter(({ durations }) => durations.isUsed).flatMap(samplesOf);
    return [
      {
        name,
        help: "Time from a request's headers to the end of its answer; answers from kept bytes count as none",
        type: "histogram",
        read: read(({ durations, labels }) => durations.samples(name, labels)),
      },
      {
        name: "shop_http_requests_total",
        help: "Requests by the status of their answers; 499 when the client left before",
        type: "counter",
        read: read(({ statuses, labels }) => statuses.samples("status", labels)),
      },
      {
        name: "shop_http_errors_total",
        help: "Requests that were answered with a problem, by its code",
        type: "counter",
        read: read(({ errors, labels }) => errors.samples("code", labels)),
      },
    ];
  }
}
