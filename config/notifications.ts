import type { Env } from "./env.ts";

export interface NotificationsConfig {
  /** IANA name, for customers who chose none. */
  readonly timeZone: string;
  readonly retentionMs: number;
  /** Address of the API for mail programs, without a trailing slash. */
  readonly apiUrl: string | undefined;
}

export function notificationsConfig(env: Env): NotificationsConfig {
  return {
    timeZone: env.NOTIFICATIONS_TIME_ZONE,
    retentionMs: env.NOTIFICATIONS_RETENTION_DAYS * 24 * 3_600_000,
    apiUrl: (env.API_URL ?? env.SHOP_URL)?.replace(/\/+$/, ""),
  };
}
