import type { ServerResponse } from "node:http";
import type { LimitsConfig } from "../../../config/limits.ts";
import { Counts } from "../../../mixins/observability/metrics/counts.ts";
import type { Caller } from "../../../mixins/contract/caller.ts";
import { routeClasses } from "../../../mixins/contract/contract.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { AddressSet } from "../request/address-key.ts";
import { addressKey, addressSet } from "../request/address-key.ts";
import type { LimitStore } from "./limit-store.ts";
import type { LimitState } from "./distributed-counter.ts";
import { DistributedCounter } from "./distributed-counter.ts";

const windowSeconds = 60;

/**
 * Classes with separate counters. `health` has its own, so traffic from the same address cannot fail probes.
 * Orders without an account are counted besides their route's class.
 */
const limitClasses = [...routeClasses, "guest-orders", "health"] as const;
export type LimitClass = (typeof limitClasses)[number];

/**
 * Rate limits per address and per account in requests per minute and class, shared by all gateways. Addresses
 * of this host are exempt unless configured otherwise: they are an undeclared proxy or the machine's owner.
 */
export class RateLimits {
  /** Requests rejected since the start. */
  readonly refused = new Counts<LimitClass>(limitClasses);
  readonly #byAddress: Readonly<Record<LimitClass, DistributedCounter>>;
  readonly #byAccount: Readonly<Record<LimitClass, DistributedCounter>>;
  readonly #exempt: AddressSet;

  constructor({ perMinute, exempt }: LimitsConfig, store: LimitStore) {
    const limits: Record<LimitClass, number> = { ...perMinute, health: perMinute.reads };
    const counters = (subject: string) =>
      Object.fromEntries(
        limitClasses.map((name) => [
          name,
          new DistributedCounter(store.counter(`${subject}:${name}`, limits[name], windowSeconds)),
        ]),
      ) as Record<LimitClass, DistributedCounter>;
    this.#byAddress = counters("address");
    this.#byAccount = counters("account");
    this.#exempt = addressSet(exempt, "RATE_LIMIT_EXEMPT");
  }

  /** Counter key of an address; undefined for an exempt one. */
  limitKey(address: string | null): string | undefined {
    return address === null || this.#exempt(address) ? undefined : addressKey(address);
  }

  /**
   * Counts a request for its address and sets the RateLimit headers.
   *
   * @throws ShopError `too-many-requests` with `retryAfter`
   */
  countAddress(kind: LimitClass, address: string | null, response: ServerResponse): void {
    const key = this.limitKey(address);
    if (key !== undefined) this.#apply(kind, response, this.#byAddress[kind].count(key, Date.now()));
  }

  /**
   * Counts a request for its account too.
   *
   * @throws ShopError as `countAddress` does
   */
  countAccount(kind: LimitClass, address: string | null, caller: Caller, response: ServerResponse): void {
    const account = accountOf(caller);
    if (account !== undefined && address !== null && !this.#exempt(address))
      this.#apply(kind, response, this.#byAccount[kind].count(account, Date.now()));
  }

  #apply(kind: LimitClass, response: ServerResponse, state: LimitState): void {
    if (!state.allowed) this.refused.add(kind);
    setRateLimitHeaders(response, state);
  }
}

function accountOf(caller: Caller): string | undefined {
  if (caller.kind === "user") return caller.userId;
  if (caller.kind === "key") return caller.keyId;
  return caller.kind === "order" ? caller.orderId : undefined;
}

/** Of several limits, the headers show the one with the fewest requests left. */
function setRateLimitHeaders(
  response: ServerResponse,
  { allowed, limit, remaining, resetMs }: LimitState,
): void {
  const resetSeconds = Math.ceil(resetMs / 1000);
  const shownRemaining = response.getHeader("RateLimit-Remaining");
  if (!allowed || typeof shownRemaining !== "number" || remaining < shownRemaining) {
    response.setHeader("RateLimit-Limit", limit);
    response.setHeader("RateLimit-Remaining", remaining);
    response.setHeader("RateLimit-Reset", resetSeconds);
  }
  if (!allowed)
    throw new ShopError("too-many-requests", undefined, { retryAfter: Math.max(1, resetSeconds) });
}
