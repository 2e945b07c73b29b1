import { join, resolve } from "node:path";
import type { Env } from "./env.ts";
import { ConfigError } from "./env.ts";

export interface MailConfig {
  /** Absent: mail is written to files in `directory`. */
  readonly smtpUrl: string | undefined;
  readonly directory: string;
  readonly from: string;
  /** Base of links in mail, without a trailing slash. */
  readonly shopUrl: string | undefined;
}

/** Messages to phones. */
export interface NotifyConfig {
  /** Absent: messages are written to files in `directory`. */
  readonly gateway: { readonly url: string; readonly secret: string; readonly timeoutMs: number } | undefined;
  /** Action of an installed service that delivers messages; takes precedence. */
  readonly action: string | undefined;
  readonly directory: string;
  /** Countries to whose numbers codes are sent; empty: all. */
  readonly countries: readonly string[];
  /** Codes sent a day (UTC) by the whole shop. */
  readonly codesPerDay: number;
}

export function mailConfig(env: Env): MailConfig {
  return {
    smtpUrl: env.SMTP_URL,
    directory: join(resolve(env.DATA_DIR), "outbox-mail"),
    from: env.MAIL_FROM,
    shopUrl: env.SHOP_URL?.replace(/\/+$/, ""),
  };
}

/** @throws ConfigError when messages cannot be signed for their gateway */
export function notifyConfig(env: Env): NotifyConfig {
  const { NOTIFY_URL: url, NOTIFY_SECRET: secret } = env;
  if (url !== undefined && secret === undefined)
    throw new ConfigError("bad setting: NOTIFY_SECRET is required with NOTIFY_URL");
  return {
    gateway: url === undefined ? undefined : { url, secret: secret ?? "", timeoutMs: env.NOTIFY_TIMEOUT_MS },
    action: env.NOTIFY_ACTION,
    directory: join(resolve(env.DATA_DIR), "outbox-messages"),
    countries: env.PHONE_COUNTRIES,
    codesPerDay: env.PHONE_CODES_PER_DAY,
  };
}
