import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import type { SecretKey } from "../../../mixins/support/secret-box.ts";

const lifeMs = 365 * 24 * 3_600_000;
const form = /^([0-9a-z]{1,11})\.([\w-]{22})\.([\w-]{43})$/;

/**
 * Device tokens identify devices that have signed in to an account (OWASP device cookies). Signed with
 * HMAC-SHA-256 and not stored. They grant no access, but exempt their logins from delays by others' failed
 * attempts.
 */
export class DeviceTokens {
  readonly #keys: readonly Buffer[];

  /** @param keys the first one signs; the others verify, as former or future keys */
  constructor(keys: readonly [SecretKey, ...SecretKey[]]) {
    this.#keys = keys.map(({ key }) => Buffer.from(hkdfSync("sha256", key, "", "device tokens", 32)));
  }

  /** @param now milliseconds since the Unix epoch */
  issue(email: string, now: number): string {
    const [current] = this.#keys;
    if (!current) throw new Error("there is no key for device tokens");
    const [issued, nonce] = [now.toString(36), randomBytes(16).toString("base64url")];
    return `${issued}.${nonce}.${mac(current, email, issued, nonce).toString("base64url")}`;
  }

  /** True when it was issued at a login to this account within a year. */
  isGood(token: string, email: string, now: number): boolean {
    const [, issued = "", nonce = "", signature = ""] = form.exec(token) ?? [];
    const given = Buffer.from(signature, "base64url");
    const isSigned = this.#keys.some(
      (key) => given.length === 32 && timingSafeEqual(given, mac(key, email, issued, nonce)),
    );
    return isSigned && now - Number.parseInt(issued, 36) < lifeMs;
  }
}

function mac(key: Buffer, ...parts: readonly string[]): Buffer {
  return createHmac("sha256", key).update(JSON.stringify(parts)).digest();
}
