import { createHmac } from "node:crypto";
import { hashOfSecret } from "./secrets.ts";

/** For so long an answer that got lost can be asked for again. */
export const retryMs = 30_000;

/** How a refresh token was exchanged, if it was. */
export interface Exchange {
  /** Milliseconds since 1970; null while it was not. */
  readonly usedAt: number | null;
  readonly retryKeyHash: string | null;
  readonly retrySalt: string | null;
}

/**
 * The token that takes another one's place. It can be made again from the two that only its owner has and the salt that
 * only the database has: so an answer that got lost can be repeated, and no token is stored for it.
 */
export function successorOf(refreshToken: string, idempotencyKey: string, salt: string): string {
  return createHmac("sha256", salt).update(`${refreshToken} ${idempotencyKey}`).digest("base64url");
}

/** @returns the salt of the successor when this is the same request again; undefined when someone else has the token */
export function saltOfRetry({ usedAt, retryKeyHash, retrySalt }: Exchange, key: string | undefined, now: number) {
  if (key === undefined || usedAt === null || now - usedAt > retryMs) return undefined;
  return hashOfSecret(key) === retryKeyHash ? (retrySalt ?? undefined) : undefined;
}
