import type { Env } from "./env.ts";

const day = 86_400_000;

/** Where webhooks may lead, and how long what they sent is kept. */
export interface WebhooksConfig {
  readonly destinations: "public" | "any";
  readonly retentionMs: number;
}

export function webhooksConfig(env: Env): WebhooksConfig {
  return { destinations: env.WEBHOOK_DESTINATIONS, retentionMs: env.WEBHOOK_RETENTION_DAYS * day };
}
