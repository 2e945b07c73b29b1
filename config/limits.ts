import type { Env } from "./env.ts";

/** What one sender may do; see `services/api/rate-limits.ts` and `services/api/login-back-off.ts`. */
export interface LimitsConfig {
  /** Requests by kind, for each address and for each account. */
  readonly perMinute: { readonly reads: number; readonly writes: number; readonly auth: number; readonly expensive: number };
  /** Answers that a gateway has kept, for each address and by each gateway alone. */
  readonly keptPerMinute: number;
  /** Addresses and networks whose requests are not counted. */
  readonly exempt: readonly string[];
  /** Wrong passwords an hour, for one account from one address, that have no consequence. */
  readonly loginFailuresFree: number;
}

export function limitsConfig(env: Env): LimitsConfig {
  return {
    perMinute: {
      reads: env.RATE_LIMIT_READS,
      writes: env.RATE_LIMIT_WRITES,
      auth: env.RATE_LIMIT_AUTH,
      expensive: env.RATE_LIMIT_EXPENSIVE,
    },
    keptPerMinute: env.RATE_LIMIT_KEPT,
    exempt: env.RATE_LIMIT_EXEMPT,
    loginFailuresFree: env.LOGIN_FAILURES_FREE,
  };
}
