import { isAscii } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServiceBroker } from "moleculer";
import type { Cache } from "../../../mixins/cache/cache.ts";
import { revalidateFrom } from "../../../mixins/cache/cache.ts";
import { cacheOf } from "../../../mixins/cache/action-cache.ts";
import { TtlCache } from "../../../mixins/cache/ttl-cache.ts";
import type { Caller } from "../../../mixins/contract/caller.ts";
import type { Locales } from "../../../mixins/locales/locales.ts";
import type { Endpoint } from "../routing/endpoints.ts";
import type { HttpMetrics, RouteMeter } from "../server/http-metrics.ts";
import type { ResponseCacheLimit } from "../limits/response-cache-limit.ts";
import type { GatewayRequest } from "../routing/moleculer-web.ts";
import { shed } from "../limits/shed.ts";
import type { ApiResponse } from "./respond.ts";
import { matchesIfNoneMatch } from "./respond.ts";
import { securityHeaders } from "../server/security-headers.ts";

/** Maximum size of all cached responses in bytes. */
const maxCacheBytes = 8 * 1024 * 1024;
/** Memory overhead of a cached response in bytes. */
const entryOverheadBytes = 1000;
const maxUrlLength = 1000;
/**
 * Early revalidation: near expiry, one request per this many milliseconds goes to the services, so a new
 * response is cached before the old one expires.
 */
const revalidateIntervalMs = 20;
const commonHeaders = Object.entries(securityHeaders).flat();

interface CachedResponse {
  /** A string if all ASCII: Node sends that together with the headers in one write. */
  readonly body: Buffer | string;
  readonly etag: string;
  /** Alternating names and values, the form that Node writes fastest. */
  readonly headers: readonly string[];
  readonly headersUnchanged: readonly string[];
  readonly scope: string;
  readonly generation: string;
  /** Undefined when metrics are off. */
  readonly meter: RouteMeter | undefined;
  /** Milliseconds since the Unix epoch; from then on one request revalidates. */
  revalidateFrom: number;
}

/** A response in progress that may be cached. */
export interface PendingEntry {
  readonly key: string;
  readonly scope: string;
  /** Cache version as of before the call; a later invalidation makes the response uncacheable. */
  readonly generation: string;
  readonly meter: RouteMeter | undefined;
  readonly maxAgeMs: number;
}

/**
 * Caches public responses as finished bytes, so a hit costs little more than reading the request. An entry
 * lives as long as the action cache behind it and serves guests only: requests with credentials bypass it
 * both ways.
 */
export class ResponseCache {
  /** Totals since the start. */
  readonly statistics = { hits: 0, stored: 0 };
  readonly #broker: ServiceBroker;
  readonly #limit: ResponseCacheLimit;
  readonly #metrics: HttpMetrics | undefined;
  readonly #locales: Locales;
  readonly #responses = new TtlCache<CachedResponse>(maxCacheBytes);

  constructor(broker: ServiceBroker, limit: ResponseCacheLimit, locales: Locales, metrics?: HttpMetrics) {
    this.#broker = broker;
    this.#limit = limit;
    this.#locales = locales;
    this.#metrics = metrics;
  }

  /**
   * Sends a cached response, or 429 over the response-cache limit.
   *
   * @returns false on a miss
   */
  trySend(request: IncomingMessage, response: ServerResponse, requestId: string): boolean {
    const key = this.#keyOf(request, request.url);
    const now = Date.now();
    const cached = key === undefined ? undefined : this.#responses.get(key, now);
    if (!cached || cached.generation !== this.#cache.version(cached.scope)) return false;
    // Without early revalidation, all requests at the moment of expiry would miss (cache stampede).
    if (now >= cached.revalidateFrom) {
      cached.revalidateFrom = now + revalidateIntervalMs;
      return false;
    }
    const retryAfterSeconds = this.#limit.retryAfterSeconds(request);
    if (retryAfterSeconds > 0) {
      cached.meter?.recordCacheHit(429);
      shed(request, response, requestId, retryAfterSeconds);
      return true;
    }
    const unchanged = matchesIfNoneMatch(request, cached.etag);
    this.statistics.hits += 1;
    cached.meter?.recordCacheHit(unchanged ? 304 : 200);
    if (unchanged) response.writeHead(304, [...cached.headersUnchanged, "X-Request-Id", requestId]).end();
    else response.writeHead(200, [...cached.headers, "X-Request-Id", requestId]).end(cached.body, "latin1");
    return true;
  }

  /**
   * Call it before the action.
   *
   * @returns undefined when the response is not cacheable
   */
  prepare(
    request: GatewayRequest,
    { contract, route, service }: Endpoint,
    caller: Caller,
  ): PendingEntry | undefined {
    if (!contract.cache || route.caching !== "public" || caller.kind !== "guest") return undefined;
    const key = this.#keyOf(request, request.originalUrl);
    if (key === undefined) return undefined;
    const { maxAgeMs } = contract.cache;
    return {
      key,
      scope: service,
      generation: this.#cache.version(service),
      meter: this.#metrics?.meterOf(request.$alias),
      maxAgeMs,
    };
  }

  store(
    { key, scope, generation, meter, maxAgeMs }: PendingEntry,
    { status, headers, bytes, etag }: ApiResponse,
    expiresAt: number,
  ): void {
    if (status !== 200 || !bytes || etag === undefined) return;
    this.statistics.stored += 1;
    const unchanged = [...commonHeaders, ...Object.entries(headers).flat()];
    const response: CachedResponse = {
      body: isAscii(bytes) ? bytes.toString("latin1") : bytes,
      etag,
      headers: [...unchanged, "Content-Type", "application/json", "Content-Length", String(bytes.length)],
      headersUnchanged: unchanged,
      scope,
      generation,
      meter,
      revalidateFrom: Math.max(revalidateFrom(expiresAt, maxAgeMs), Date.now() + revalidateIntervalMs),
    };
    this.#responses.set(key, response, {
      size: bytes.length + 2 * key.length + entryOverheadBytes,
      expiresAt,
    });
  }

  /**
   * The URL, and the locale unless it is the default.
   *
   * @param url the original one; the framework cuts the request's own
   */
  #keyOf({ method, headers }: IncomingMessage, url: string | undefined): string | undefined {
    const isRead = method === "GET" || method === "HEAD";
    const isGuest =
      headers.authorization === undefined &&
      headers["x-api-key"] === undefined &&
      headers["x-order-token"] === undefined &&
      headers.host !== undefined;
    if (!isRead || !isGuest || url === undefined || url.length > maxUrlLength) return undefined;
    const locale = this.#locales.accepted(headers["accept-language"]);
    return locale === this.#locales.default ? url : `${url} ${locale}`;
  }

  get #cache(): Cache {
    return cacheOf(this.#broker);
  }
}
