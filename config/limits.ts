import type { Env } from "./env.ts";

/**
 * Rate limits per client; see `services/api/limits/rate-limits.ts` and
 * `services/api/limits/login-throttle.ts`.
 */
export interface LimitsConfig {
  /** Requests by class, per address and per account. */
  readonly perMinute: {
    readonly reads: number;
    readonly writes: number;
    readonly auth: number;
    readonly coupons: number;
    readonly expensive: number;
    /** Orders without an account. */
    readonly "guest-orders": number;
  };
  /** Responses from the response cache, per address, for each gateway alone. */
  readonly cachedPerMinute: number;
  /** Addresses and networks without rate limits. */
  readonly exempt: readonly string[];
  /** Wrong passwords an hour, for one account from one address, before the login throttle sets in. */
  readonly freeLoginFailures: number;
}

export function limitsConfig(env: Env): LimitsConfig {
  return {
    perMinute: {
      reads: env.RATE_LIMIT_READS,
      writes: env.RATE_LIMIT_WRITES,
      auth: env.RATE_LIMIT_AUTH,
      coupons: env.RATE_LIMIT_COUPONS,
      expensive: env.RATE_LIMIT_EXPENSIVE,
      "guest-orders": env.RATE_LIMIT_GUEST_ORDERS,
    },
    cachedPerMinute: env.RATE_LIMIT_KEPT,
    exempt: env.RATE_LIMIT_EXEMPT,
    freeLoginFailures: env.LOGIN_FAILURES_FREE,
  };
}
