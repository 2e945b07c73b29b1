import { createHmac } from "node:crypto";

/** Signature header of a body: `t=<seconds>,v1=<HMAC-SHA-256 of "t.body" in hex>`. */
export function signBody(body: Uint8Array, secret: string, now: number): string {
  const seconds = Math.floor(now / 1000);
  return `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.`).update(body).digest("hex")}`;
}
