import { isAscii } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServiceBroker } from "moleculer";
import type { Cache } from "../../mixins/cache/cache.ts";
import { renewedFrom } from "../../mixins/cache/cache.ts";
import { cacheOf } from "../../mixins/cache/cached-answers.ts";
import { ShortLived } from "../../mixins/cache/short-lived.ts";
import type { Caller } from "../contract/caller.ts";
import type { Endpoint } from "./endpoints.ts";
import type { HttpMetrics, RouteMeter } from "./http-metrics.ts";
import type { KeptLimit } from "./kept-limit.ts";
import type { GatewayRequest } from "./moleculer-web.ts";
import { refuse } from "./refuse.ts";
import type { Answer } from "./respond.ts";
import { matches } from "./respond.ts";
import { securityHeaders } from "./security-headers.ts";

/** What all kept answers may take up together, in bytes. */
const bytesKept = 8 * 1024 * 1024;
/** What keeping one takes up besides its bytes. */
const bytesAround = 1000;
const longestUrl = 1000;
/** In the last part of its life, one request in so many milliseconds asks the services, so that a new answer is there before the old one ends. */
const renewalEveryMs = 20;
const always = Object.entries(securityHeaders).flat();

interface Finished {
  /** Text where it is all ASCII: Node sends that with the headers in one piece. */
  readonly body: Buffer | string;
  readonly etag: string;
  /** Names and values in turn, as Node writes them fastest. */
  readonly headers: readonly string[];
  readonly headersUnchanged: readonly string[];
  readonly scope: string;
  readonly generation: string;
  /** Undefined where nothing is measured. */
  readonly meter: RouteMeter | undefined;
  /** From then on (ms since 1970) the next one asks for a new answer. */
  renewFrom: number;
}

/** An answer on its way that may be kept when it is there. */
export interface Keeping {
  readonly url: string;
  readonly scope: string;
  /** Of the changes that were known before the question was asked. */
  readonly generation: string;
  readonly meter: RouteMeter | undefined;
  readonly maxAgeMs: number;
}

/**
 * Public answers as the bytes that were sent, so that giving one again costs little more than reading the request.
 * They are given as long as the cache behind them would give the same, and to guests only: an answer that was made for
 * someone who said who they are is neither kept nor asked for.
 */
export class FinishedAnswers {
  /** Since the start. */
  readonly statistics = { given: 0, made: 0 };
  readonly #broker: ServiceBroker;
  readonly #limit: KeptLimit;
  readonly #metrics: HttpMetrics | undefined;
  readonly #kept = new ShortLived<Finished>(bytesKept);

  constructor(broker: ServiceBroker, limit: KeptLimit, metrics?: HttpMetrics) {
    this.#broker = broker;
    this.#limit = limit;
    this.#metrics = metrics;
  }

  /** Sends the kept answer to this request, or a refusal when its sender has had too many. @returns false when there is none */
  give(request: IncomingMessage, response: ServerResponse, requestId: string): boolean {
    const url = keptUnder(request, request.url);
    const now = Date.now();
    const finished = url === undefined ? undefined : this.#kept.get(url, now);
    if (!finished || finished.generation !== this.#cache.generation(finished.scope)) return false;
    // Were it to end first, all that come at that moment would ask.
    if (now >= finished.renewFrom) {
      finished.renewFrom = now + renewalEveryMs;
      return false;
    }
    const wait = this.#limit.secondsToWait(request);
    if (wait > 0) {
      finished.meter?.gaveKept(429);
      refuse(request, response, requestId, wait);
      return true;
    }
    const unchanged = matches(request, finished.etag);
    this.statistics.given += 1;
    finished.meter?.gaveKept(unchanged ? 304 : 200);
    if (unchanged) response.writeHead(304, [...finished.headersUnchanged, "X-Request-Id", requestId]).end();
    else response.writeHead(200, [...finished.headers, "X-Request-Id", requestId]).end(finished.body, "latin1");
    return true;
  }

  /** To be called before the question is asked. @returns undefined when its answer must not be kept */
  begin(request: GatewayRequest, { contract, route, service }: Endpoint, caller: Caller): Keeping | undefined {
    if (!contract.cache || route.caching !== "public" || caller.kind !== "guest") return undefined;
    const url = keptUnder(request, request.originalUrl);
    if (url === undefined) return undefined;
    const { maxAgeMs } = contract.cache;
    return { url, scope: service, generation: this.#cache.generation(service), meter: this.#metrics?.meterOf(request.$alias), maxAgeMs };
  }

  keep({ url, scope, generation, meter, maxAgeMs }: Keeping, { status, headers, bytes, etag }: Answer, keptUntil: number): void {
    if (status !== 200 || !bytes || etag === undefined) return;
    this.statistics.made += 1;
    const unchanged = [...always, ...Object.entries(headers).flat()];
    const finished: Finished = {
      body: isAscii(bytes) ? bytes.toString("latin1") : bytes,
      etag,
      headers: [...unchanged, "Content-Type", "application/json", "Content-Length", String(bytes.length)],
      headersUnchanged: unchanged,
      scope,
      generation,
      meter,
      renewFrom: Math.max(renewedFrom(keptUntil, maxAgeMs), Date.now() + renewalEveryMs),
    };
    this.#kept.set(url, finished, { size: bytes.length + 2 * url.length + bytesAround, expiresAt: keptUntil });
  }

  get #cache(): Cache {
    return cacheOf(this.#broker);
  }
}

/** @param url as it was sent: the framework cuts the request's own one */
function keptUnder({ method, headers }: IncomingMessage, url: string | undefined): string | undefined {
  const suits = method === "GET" || method === "HEAD";
  const isGuests = headers.authorization === undefined && headers["x-api-key"] === undefined && headers.host !== undefined;
  return suits && isGuests && url !== undefined && url.length <= longestUrl ? url : undefined;
}
