import type { MetricFamily } from "../../../mixins/observability/metrics/metrics.ts";
import { unlabelled } from "../../../mixins/observability/metrics/metrics.ts";
import type { ResponseCache } from "../response/response-cache.ts";
import type { ConcurrencyLimiter } from "../limits/concurrency-limiter.ts";
import type { RateLimits } from "../limits/rate-limits.ts";
import type { SecurityEvents } from "../security-events.ts";

/** Parts of the gateway that keep statistics. */
export interface MeasuredGateway {
  readonly responseCache: ResponseCache;
  readonly limiter: ConcurrencyLimiter;
  readonly limits: RateLimits;
  readonly security: SecurityEvents;
}

/** Metric families of the gateway: cached responses, admitted requests and rejected requests. */
export function gatewayFamilies({
  responseCache,
  limiter,
  limits,
  security,
}: MeasuredGateway): MetricFamily[] {
  return [
    {
      name: "shop_http_kept_answers_total",
      help: "Public responses served from the response cache, and those stored in it",
      type: "counter",
      read: () => [
        { labels: { from: "bytes" }, value: responseCache.statistics.hits },
        { labels: { from: "services" }, value: responseCache.statistics.stored },
      ],
    },
    {
      name: "shop_http_in_flight",
      help: "Requests in flight",
      type: "gauge",
      read: () => unlabelled(limiter.inFlight),
    },
    {
      name: "shop_http_in_flight_limit",
      help: "Current limit of concurrent requests",
      type: "gauge",
      read: () => unlabelled(limiter.limit),
    },
    {
      name: "shop_http_shed_total",
      help: "Requests shed under load",
      type: "counter",
      read: () => unlabelled(limiter.shed),
    },
    {
      name: "shop_http_rate_limited_total",
      help: "Requests rejected by rate limits of an address or account, by class",
      type: "counter",
      read: () => limits.refused.samples("class"),
    },
    {
      name: "shop_security_events_total",
      help: "Rejected requests that look like attacks, by kind",
      type: "counter",
      read: () => security.counts.samples("kind"),
    },
  ];
}
