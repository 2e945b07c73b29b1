import { hashOfSecret, newSecret } from "./secrets.ts";

/** Prefix of every key, by which scanners recognize leaked ones. */
const prefix = "sk_";
const hintLength = 4;
/** Resolution of the time of last use, so that a busy key does not cause a write per request. */
const lastUseResolutionMs = 10 * 60_000;

/** @returns a new key, its hash for storage, and its last characters for recognition */
export function newApiKey(): { key: string; hash: string; hint: string } {
  const key = prefix + newSecret().secret;
  return { key, hash: hashOfSecret(key), hint: key.slice(-hintLength) };
}

/** @param lastUsedAt milliseconds since the Unix epoch */
export function isLastUseStale(lastUsedAt: number | null, now: number): boolean {
  return lastUsedAt === null || now - lastUsedAt > lastUseResolutionMs;
}
