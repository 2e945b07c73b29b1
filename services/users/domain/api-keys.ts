import { hashOfSecret, newSecret } from "./secrets.ts";

/** What every key begins with, so that a leaked one is known for what it is. */
const prefix = "sk_";
const hintLength = 4;
/** The time of the last use is kept this exactly, so that a busy key is not a busy row. */
const useNotedEveryMs = 10 * 60_000;

/** @returns a new key, the hash by which it is kept, and the end by which people tell it from others */
export function newApiKey(): { key: string; hash: string; hint: string } {
  const key = prefix + newSecret().secret;
  return { key, hash: hashOfSecret(key), hint: key.slice(-hintLength) };
}

/** @param lastUsedAt milliseconds since 1970 */
export function isUseWorthNoting(lastUsedAt: number | null, now: number): boolean {
  return lastUsedAt === null || now - lastUsedAt > useNotedEveryMs;
}
