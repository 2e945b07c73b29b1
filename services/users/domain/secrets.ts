import { createHash, randomBytes } from "node:crypto";

/** @returns a secret that nobody can guess, and the hash by which it is kept */
export function newSecret(): { secret: string; hash: string } {
  const secret = randomBytes(32).toString("base64url");
  return { secret, hash: hashOfSecret(secret) };
}

/** Fast on purpose: such secrets are too long to be tried out. */
export function hashOfSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
