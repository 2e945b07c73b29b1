import { hashOfSecret, newSecret } from "./secrets.ts";

/** @returns a token of 256 random bits for one order, and its hash for storage */
export function newOrderToken(): { token: string; hash: string } {
  const token = `ot_${newSecret().secret}`;
  return { token, hash: hashOfSecret(token) };
}
