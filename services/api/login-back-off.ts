import { createHash } from "node:crypto";
import type { RateLimiterAbstract } from "rate-limiter-flexible";
import { RateLimiterRes } from "rate-limiter-flexible";
import { isShopError, ShopError } from "../contract/errors.ts";
import { addressKey } from "./address-key.ts";
import type { LimitStore } from "./limit-store.ts";

const hourSeconds = 3600;
const firstWaitSeconds = 15;
/** Three weeks: timers of the store in memory do not reach much further. */
const acquaintanceSeconds = 21 * 24 * hourSeconds;
/** Counters of failures have no limit of their own: what they come to decides how long to wait. */
const noLimit = Number.MAX_SAFE_INTEGER;

type GuardName = "pair" | "account" | "address";

/** A try that counts as a failure until it has succeeded. */
interface Counted {
  readonly name: GuardName;
  readonly failures: RateLimiterAbstract;
  readonly key: string;
}

interface Guard {
  readonly name: GuardName;
  /** So many failures an hour have no consequence. */
  readonly free: number;
  /** The longest wait, in seconds. Waits begin with `firstWaitSeconds` and double. */
  readonly longest: number;
}

/** How patient the guards are; `free` of the first one is the setting `LOGIN_FAILURES_FREE`. */
const guards = (free: number): Readonly<Record<GuardName, Guard>> => ({
  pair: { name: "pair", free, longest: 900 },
  account: { name: "account", free: free * 10, longest: 60 },
  address: { name: "address", free: free * 10, longest: 900 },
});

/**
 * Slows down whoever guesses passwords. Failures are counted for an account at an address, for an account wherever they
 * come from, and for an address whatever account it tries; after the free ones each further try has to wait, twice as
 * long each time. Only tries that were let through count, so that nobody prolongs a wait by knocking.
 *
 * The owner is not locked out: at an address where they have signed in within three weeks, what others do to their account
 * elsewhere does not concern them; and elsewhere a minute is the longest wait. Accounts that do not exist are counted
 * just the same.
 */
export class LoginBackOff {
  readonly #guards: { readonly guard: Guard; readonly failures: RateLimiterAbstract; readonly waits: RateLimiterAbstract }[];
  readonly #acquaintances: RateLimiterAbstract;

  constructor(free: number, store: LimitStore) {
    this.#guards = Object.values(guards(free)).map((guard) => ({
      guard,
      failures: store.counter(`login:${guard.name}:failures`, noLimit, hourSeconds),
      waits: store.counter(`login:${guard.name}:wait`, 1, guard.longest),
    }));
    this.#acquaintances = store.counter("login:known", noLimit, acquaintanceSeconds);
  }

  /**
   * Lets a try at an account through, and remembers what came of it.
   *
   * @param account what names it, whether it exists or not
   * @param signIn is told whether someone has signed in to the account at this address before
   * @throws ShopError `too-many-requests` with `retryAfter`, and whatever the try throws
   */
  async attempt<T>(account: string, address: string | null, signIn: (familiar: boolean) => Promise<T>): Promise<T> {
    const place = address === null ? "unknown" : addressKey(address);
    const name = account.trim().toLowerCase();
    const keys = { pair: keyOf(name, place), account: keyOf(name), address: place };
    const isKnown = (await this.#acquaintances.get(keys.pair)) !== null;
    const counted = await this.#countFailure(keys, isKnown);
    const takeBack = async (those: readonly Counted[]) => {
      await Promise.all(those.map(async ({ failures, key }) => failures.reward(key, 1)));
    };
    try {
      const result = await signIn(isKnown);
      await takeBack(counted.filter(({ name }) => name !== "pair"));
      await this.#welcome(keys.pair);
      return result;
    } catch (error) {
      // Whoever was not even asked for a password, because the shop is busy, has not guessed.
      if (!isWrongGuess(error)) await takeBack(counted);
      throw error;
    }
  }

  /** Counted before it is known to be one, so that guesses that come at the same time count each other. */
  async #countFailure(keys: Readonly<Record<GuardName, string>>, isKnown: boolean): Promise<Counted[]> {
    const counted: Counted[] = [];
    for (const { guard, failures, waits } of this.#guards) {
      if (guard.name === "account" && isKnown) continue;
      const key = keys[guard.name];
      const { consumedPoints } = await failures.penalty(key, 1);
      counted.push({ name: guard.name, failures, key });
      const beyond = consumedPoints - guard.free;
      if (beyond <= 0) continue;
      const seconds = Math.min(guard.longest, firstWaitSeconds * 2 ** Math.min(beyond - 1, 10));
      try {
        // One try at a time: it takes the place, and the next one waits until the place is free again.
        await waits.consume(key, 1, { customDuration: seconds });
      } catch (refused) {
        await Promise.all(counted.map(async (one) => one.failures.reward(one.key, 1)));
        if (!(refused instanceof RateLimiterRes)) throw refused;
        throw new ShopError("too-many-requests", undefined, { retryAfter: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) });
      }
    }
    return counted;
  }

  /** Whoever has signed in is at home at this address for a while. */
  async #welcome(pair: string): Promise<void> {
    const [first] = this.#guards;
    await Promise.all([
      first?.failures.delete(pair),
      first?.waits.delete(pair),
      this.#acquaintances.set(pair, 1, acquaintanceSeconds),
    ]);
  }
}

/** What fields are told of that did not have the account's password, or a code that works now. */
const wrongSecrets = new Set(["wrong-password", "wrong-code"]);

function isWrongGuess(error: unknown): boolean {
  if (!isShopError(error)) return false;
  return error.code === 401 || (error.data.errors ?? []).some(({ code }) => wrongSecrets.has(code));
}

/** The store need not know who signs in. */
function keyOf(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}
