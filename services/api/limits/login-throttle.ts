import { createHash } from "node:crypto";
import type { RateLimiterAbstract } from "rate-limiter-flexible";
import { RateLimiterRes } from "rate-limiter-flexible";
import { isShopError, ShopError } from "../../../mixins/contract/errors.ts";
import { addressKey } from "../request/address-key.ts";
import type { LimitStore } from "./limit-store.ts";

const hourSeconds = 3600;
const initialWaitSeconds = 15;
/** Three weeks; timers of the in-memory store overflow a little beyond that. */
const trustedAddressSeconds = 21 * 24 * hourSeconds;
/** Failure counters have no limit of their own; the count decides the wait. */
const noLimit = Number.MAX_SAFE_INTEGER;

type ThrottleName = "device" | "pair" | "account" | "address";

/** Counter keys of an attempt by throttle; a throttle without a key is skipped. */
type Keys = Readonly<Partial<Record<ThrottleName, string | undefined>>>;

/** An attempt counted as a failure until it succeeds. */
interface CountedAttempt {
  readonly failures: RateLimiterAbstract;
  readonly key: string;
}

interface ThrottleRule {
  readonly name: ThrottleName;
  /** Failures per hour without a wait. */
  readonly freeFailures: number;
  /** Longest wait in seconds. Waits start at `initialWaitSeconds` and double. */
  readonly maxWaitSeconds: number;
}

/** Limits of each throttle; the setting `LOGIN_FAILURES_FREE` sets `freeFailures` of the first. */
const throttleRules = (freeFailures: number): Readonly<Record<ThrottleName, ThrottleRule>> => ({
  device: { name: "device", freeFailures, maxWaitSeconds: 900 },
  pair: { name: "pair", freeFailures, maxWaitSeconds: 900 },
  account: { name: "account", freeFailures: freeFailures * 10, maxWaitSeconds: 60 },
  address: { name: "address", freeFailures: freeFailures * 10, maxWaitSeconds: 900 },
});

/** Origin of an attempt. */
export interface Origin {
  readonly address: string | null;
  /** A verified device token of the account. */
  readonly device?: string | undefined;
}

/**
 * Login throttling with exponential waits. Counts failures per account and address, per account, and per
 * address; rejected attempts are not counted, so they cannot prolong a wait.
 * Owners are not locked out: with a device token only failures with that token count, and at an address of a
 * sign-in within three weeks only failures there. Other addresses share at least one attempt a minute.
 * Unknown accounts are counted alike.
 */
export class LoginThrottle {
  readonly #throttles: {
    readonly rule: ThrottleRule;
    readonly failures: RateLimiterAbstract;
    readonly waits: RateLimiterAbstract;
  }[];
  readonly #trustedAddresses: RateLimiterAbstract;

  constructor(free: number, store: LimitStore) {
    this.#throttles = Object.values(throttleRules(free)).map((rule) => ({
      rule,
      failures: store.counter(`login:${rule.name}:failures`, noLimit, hourSeconds),
      waits: store.counter(`login:${rule.name}:wait`, 1, rule.maxWaitSeconds),
    }));
    this.#trustedAddresses = store.counter("login:known", noLimit, trustedAddressSeconds);
  }

  /**
   * Runs an attempt if the throttle allows it, and counts its result.
   *
   * @param account its name, whether it exists or not
   * @param signIn receives whether the owner has signed in from this origin before
   * @throws ShopError `too-many-requests` with `retryAfter`, and errors of `signIn`
   */
  async attempt<T>(
    account: string,
    { address, device }: Origin,
    signIn: (returning: boolean) => Promise<T>,
  ): Promise<T> {
    const name = normalizeAccount(account);
    const source = sourceOf(address);
    const pair = hashKey(name, source);
    const isReturning = device !== undefined || (await this.#trustedAddresses.get(pair)) !== null;
    const untrusted = { pair, account: hashKey(name), address: source };
    const keys =
      device !== undefined ? { device: hashKey(name, device) } : isReturning ? { pair } : untrusted;
    const counted = await this.#countFailure(keys);
    try {
      const result = await signIn(isReturning);
      await uncount(counted);
      await this.#resetFailures(keys);
      await this.#trustedAddresses.set(pair, 1, trustedAddressSeconds);
      return result;
    } catch (error) {
      // Only wrong credentials count as a guess, not an attempt shed under load.
      if (!isWrongSecret(error)) await uncount(counted);
      throw error;
    }
  }

  /** Trusts an address for three weeks after the account's owner signed in there. */
  async trustAddress(
    { id, email }: { readonly id: string; readonly email: string },
    address: string | null,
  ): Promise<void> {
    for (const account of [id, email]) {
      const pair = hashKey(normalizeAccount(account), sourceOf(address));
      await this.#resetFailures({ pair });
      await this.#trustedAddresses.set(pair, 1, trustedAddressSeconds);
    }
  }

  /** Counts before the attempt runs, so concurrent guesses count each other. */
  async #countFailure(keys: Keys): Promise<CountedAttempt[]> {
    const counted: CountedAttempt[] = [];
    for (const { rule, failures, waits } of this.#throttles) {
      const key = keys[rule.name];
      if (key === undefined) continue;
      const { consumedPoints } = await failures.penalty(key, 1);
      counted.push({ failures, key });
      const excess = consumedPoints - rule.freeFailures;
      if (excess <= 0) continue;
      const seconds = Math.min(rule.maxWaitSeconds, initialWaitSeconds * 2 ** Math.min(excess - 1, 10));
      try {
        // One attempt at a time: it consumes the only point, and the next waits for the window to expire.
        await waits.consume(key, 1, { customDuration: seconds });
      } catch (refused) {
        await uncount(counted);
        if (!(refused instanceof RateLimiterRes)) throw refused;
        throw new ShopError("too-many-requests", undefined, {
          retryAfter: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)),
        });
      }
    }
    return counted;
  }

  /** Clears the failures of an origin after a sign-in. */
  async #resetFailures({ device, pair }: Keys): Promise<void> {
    const own: Keys = { device, pair };
    await Promise.all(
      this.#throttles.map(async ({ rule, failures, waits }) => {
        const key = own[rule.name];
        if (key !== undefined) await Promise.all([failures.delete(key), waits.delete(key)]);
      }),
    );
  }
}

async function uncount(counted: readonly CountedAttempt[]): Promise<void> {
  await Promise.all(counted.map(async ({ failures, key }) => failures.reward(key, 1)));
}

/** Error reasons of fields that mean a wrong password or a wrong code. */
const wrongSecrets = new Set(["wrong-password", "wrong-code"]);

function isWrongSecret(error: unknown): boolean {
  // The password was right.
  if (!isShopError(error) || error.type === "second-factor-required") return false;
  return error.code === 401 || (error.data.errors ?? []).some(({ code }) => wrongSecrets.has(code));
}

function normalizeAccount(account: string): string {
  return account.trim().toLowerCase();
}

function sourceOf(address: string | null): string {
  return address === null ? "unknown" : addressKey(address);
}

/** Hashes the parts, so the store holds no e-mail addresses. */
function hashKey(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}
