import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical.ts";

/**
 * Identifies equal requests: SHA-256 over the params as canonical JSON without the idempotency key.
 * Independent of field order; list order counts.
 */
export function fingerprintOf(params: Readonly<Record<string, unknown>>): string {
  const { idempotencyKey: _key, ...asked } = params;
  return createHash("sha256").update(canonicalJson(asked)).digest("hex");
}
