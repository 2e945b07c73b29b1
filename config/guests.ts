import type { Env } from "./env.ts";

const day = 24 * 3_600_000;

/** Customers without an account. */
export interface GuestsConfig {
  /** Lifetime of a guest order's token. */
  readonly orderTokenMs: number;
  /** Time after the last order until a guest is erased. */
  readonly guestRetentionMs: number;
}

export function guestsConfig(env: Env): GuestsConfig {
  return {
    orderTokenMs: env.ORDER_TOKEN_DAYS * day,
    guestRetentionMs: env.GUEST_RETENTION_DAYS * day,
  };
}
