import { createHash } from "node:crypto";
import { canonicalJson } from "../../contract/canonical.ts";

/**
 * Tells whether two requests ask for the same: SHA-256 over their params as canonical JSON, without the idempotency
 * key itself. The order of fields does not matter, that of list entries does.
 */
export function fingerprintOf(params: Readonly<Record<string, unknown>>): string {
  const { idempotencyKey: _key, ...asked } = params;
  return createHash("sha256").update(canonicalJson(asked)).digest("hex");
}
