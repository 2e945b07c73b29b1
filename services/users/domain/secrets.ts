import { createHash, randomBytes } from "node:crypto";

/** @returns a random secret and its hash for storage */
export function newSecret(): { secret: string; hash: string } {
  const secret = randomBytes(32).toString("base64url");
  return { secret, hash: hashOfSecret(secret) };
}

/** A fast hash suffices: the secrets are too long to guess. */
export function hashOfSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
