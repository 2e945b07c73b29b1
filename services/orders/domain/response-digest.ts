import { hash } from "node:crypto";

/** A stored response with its row and request. */
export interface StoredResponse {
  /** Of its row. */
  readonly id: string;
  /** Of the request; see `fingerprintOf`. */
  readonly fingerprint: string;
  /** JSON, to be repeated byte by byte. */
  readonly response: string;
}

/**
 * Digest of a stored response, its request and its row: SHA-256 in hexadecimal. Detects corruption, not
 * tampering, since it has no key.
 */
export function responseDigest({ id, fingerprint, response }: StoredResponse): string {
  return hash("sha256", `${id} ${fingerprint} ${response}`);
}
