import type { Family } from "../../mixins/metrics/metrics.ts";
import { only } from "../../mixins/metrics/metrics.ts";
import type { FinishedAnswers } from "./finished-answers.ts";
import type { LoadGuard } from "./load-guard.ts";
import type { RateLimits } from "./rate-limits.ts";

/** The parts of a gateway that count for themselves. */
export interface MeasuredGateway {
  readonly finished: FinishedAnswers;
  readonly load: LoadGuard;
  readonly limits: RateLimits;
}

/** What a gateway kept, let in and turned away. */
export function gatewayFamilies({ finished, load, limits }: MeasuredGateway): Family[] {
  return [
    {
      name: "shop_http_kept_answers_total",
      help: "Answers to public requests that were given from kept bytes, and those that were made and kept",
      type: "counter",
      read: () => [
        { labels: { from: "bytes" }, value: finished.statistics.given },
        { labels: { from: "services" }, value: finished.statistics.made },
      ],
    },
    {
      name: "shop_http_in_flight",
      help: "Requests that the gateway works on",
      type: "gauge",
      read: () => only(load.inFlight),
    },
    {
      name: "shop_http_in_flight_limit",
      help: "How many requests the gateway takes on at once at the moment",
      type: "gauge",
      read: () => only(load.limit),
    },
    {
      name: "shop_http_shed_total",
      help: "Requests that were refused because there was too much to do",
      type: "counter",
      read: () => only(load.shed),
    },
    {
      name: "shop_http_rate_limited_total",
      help: "Requests that were refused because their address or account had sent too many, by kind of request",
      type: "counter",
      read: () => limits.refused.samples("class"),
    },
  ];
}
