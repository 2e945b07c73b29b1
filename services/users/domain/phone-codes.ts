import { createHmac, hkdfSync, randomInt, timingSafeEqual } from "node:crypto";
import type { SecretKey } from "../../../mixins/support/secret-box.ts";

const digits = 6;

export const codeMs = 10 * 60_000;
/** Wrong codes for one message; then another one must be requested. */
export const codeAttempts = 5;

export function newCode(): string {
  return String(randomInt(10 ** digits)).padStart(digits, "0");
}

/**
 * Hashes codes for storage. A plain hash of six digits is reversed in a second, so they are hashed under a key
 * that no database has, each with the id of its row.
 */
export class PhoneCodes {
  readonly #keys: readonly Buffer[];

  /** @param keys the first one hashes; the others verify, as former or future keys */
  constructor(keys: readonly [SecretKey, ...SecretKey[]]) {
    this.#keys = keys.map(({ key }) => Buffer.from(hkdfSync("sha256", key, "", "phone codes", 32)));
  }

  hash(id: string, code: string): string {
    const [current] = this.#keys;
    if (!current) throw new Error("there is no key for phone codes");
    return mac(current, id, code).toString("hex");
  }

  isRight(id: string, code: string, hash: string): boolean {
    const stored = Buffer.from(hash, "hex");
    return this.#keys.some((key) => stored.length === 32 && timingSafeEqual(stored, mac(key, id, code)));
  }
}

function mac(key: Buffer, ...parts: readonly string[]): Buffer {
  return createHmac("sha256", key).update(JSON.stringify(parts)).digest();
}
