import { createHmac } from "node:crypto";
import { hashOfSecret } from "./secrets.ts";

/** Time for which a lost response can be requested again. */
export const retryMs = 30_000;

/** Exchange of a refresh token, if any. */
export interface Exchange {
  /** Milliseconds since the Unix epoch; null before the exchange. */
  readonly usedAt: number | null;
  readonly retryKeyHash: string | null;
  readonly retrySalt: string | null;
}

/**
 * Derives the next refresh token from the old one and the client's idempotency key, which only the client
 * has, and the stored salt. A lost response can so be repeated without storing the token.
 */
export function successorOf(refreshToken: string, idempotencyKey: string, salt: string): string {
  return createHmac("sha256", salt).update(`${refreshToken} ${idempotencyKey}`).digest("base64url");
}

/** @returns the successor's salt for a retry of the same request; undefined for reuse by another client */
export function saltOfRetry(
  { usedAt, retryKeyHash, retrySalt }: Exchange,
  key: string | undefined,
  now: number,
) {
  if (key === undefined || usedAt === null || now - usedAt > retryMs) return undefined;
  return hashOfSecret(key) === retryKeyHash ? (retrySalt ?? undefined) : undefined;
}
