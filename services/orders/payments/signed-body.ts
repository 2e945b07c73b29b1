import { createHmac, timingSafeEqual } from "node:crypto";

const toleranceMs = 5 * 60_000;

/** A header that vouches for a body: `t=<seconds>,v1=<HMAC-SHA-256 of "t.body" in hex>`. */
export function signBody(body: Uint8Array, secret: string, now: number): string {
  const seconds = Math.floor(now / 1000);
  return `t=${seconds},v1=${digest(body, secret, String(seconds)).toString("hex")}`;
}

/** Whether the header was made for exactly this body by someone who knows the secret, not more than five minutes ago. */
export function isSignedBody(body: Uint8Array, header: string, secret: string, now: number): boolean {
  const [, seconds = "", signature = ""] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (seconds === "" || Math.abs(now - Number(seconds) * 1000) > toleranceMs) return false;
  return timingSafeEqual(digest(body, secret, seconds), Buffer.from(signature, "hex"));
}

function digest(body: Uint8Array, secret: string, seconds: string): Buffer {
  return createHmac("sha256", secret).update(`${seconds}.`).update(body).digest();
}
