import type { ServerResponse } from "node:http";
import type { LimitsConfig } from "../../config/limits.ts";
import { Counts } from "../../mixins/metrics/counts.ts";
import type { Caller } from "../contract/caller.ts";
import type { RouteClass } from "../contract/contract.ts";
import { routeClasses } from "../contract/contract.ts";
import { ShopError } from "../contract/errors.ts";
import type { AddressSet } from "./address-key.ts";
import { addressKey, addressSet } from "./address-key.ts";
import type { LimitStore } from "./limit-store.ts";
import type { Standing } from "./shared-counter.ts";
import { SharedCounter } from "./shared-counter.ts";

const windowSeconds = 60;

/**
 * How many requests of a kind an address, and an account, may send in a minute, at all gateways together. Addresses of
 * this machine are not limited unless the settings say so: behind them is a proxy of which nothing is known, or the
 * machine's owner.
 */
export class RateLimits {
  /** Requests that were refused since the start. */
  readonly refused = new Counts<RouteClass>(routeClasses);
  readonly #byAddress: Readonly<Record<RouteClass, SharedCounter>>;
  readonly #byAccount: Readonly<Record<RouteClass, SharedCounter>>;
  readonly #exempt: AddressSet;

  constructor({ perMinute, exempt }: LimitsConfig, store: LimitStore) {
    const counters = (subject: string) =>
      Object.fromEntries(
        routeClasses.map((name) => [name, new SharedCounter(store.counter(`${subject}:${name}`, perMinute[name], windowSeconds))]),
      ) as Record<RouteClass, SharedCounter>;
    this.#byAddress = counters("address");
    this.#byAccount = counters("account");
    this.#exempt = addressSet(exempt, "RATE_LIMIT_EXEMPT");
  }

  /** Under what an address is counted; undefined for one that is not. */
  countedAs(address: string | null): string | undefined {
    return address === null || this.#exempt(address) ? undefined : addressKey(address);
  }

  /**
   * Counts a request for its address and tells its sender, in headers, how many are left.
   *
   * @throws ShopError `too-many-requests` with `retryAfter`
   */
  countAddress(kind: RouteClass, address: string | null, response: ServerResponse): void {
    const key = this.countedAs(address);
    if (key !== undefined) this.#tell(kind, response, this.#byAddress[kind].count(key, Date.now()));
  }

  /** Counts it for its account as well. @throws ShopError as `countAddress` does */
  countAccount(kind: RouteClass, address: string | null, caller: Caller, response: ServerResponse): void {
    const account = caller.kind === "user" ? caller.userId : caller.kind === "key" ? caller.keyId : undefined;
    if (account !== undefined && address !== null && !this.#exempt(address))
      this.#tell(kind, response, this.#byAccount[kind].count(account, Date.now()));
  }

  #tell(kind: RouteClass, response: ServerResponse, standing: Standing): void {
    if (!standing.allowed) this.refused.add(kind);
    tell(response, standing);
  }
}

/** Of several limits, the scarcest is told. */
function tell(response: ServerResponse, { allowed, limit, remaining, resetMs }: Standing): void {
  const resetSeconds = Math.ceil(resetMs / 1000);
  const told = response.getHeader("RateLimit-Remaining");
  if (!allowed || typeof told !== "number" || remaining < told) {
    response.setHeader("RateLimit-Limit", limit);
    response.setHeader("RateLimit-Remaining", remaining);
    response.setHeader("RateLimit-Reset", resetSeconds);
  }
  if (!allowed) throw new ShopError("too-many-requests", undefined, { retryAfter: Math.max(1, resetSeconds) });
}
