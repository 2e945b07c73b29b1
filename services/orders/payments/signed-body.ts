import { createHmac, timingSafeEqual } from "node:crypto";

const toleranceMs = 5 * 60_000;

/**
 * Verifies a header `t=<seconds>,v1=<HMAC-SHA-256 of "t.body" in hex>` against the raw body; the signature
 * expires after five minutes.
 */
export function isSignedBody(body: Uint8Array, header: string, secret: string, now: number): boolean {
  const [, seconds = "", signature = ""] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (seconds === "" || Math.abs(now - Number(seconds) * 1000) > toleranceMs) return false;
  const expected = createHmac("sha256", secret).update(`${seconds}.`).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature, "hex"));
}
