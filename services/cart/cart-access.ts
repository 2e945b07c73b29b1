import { createHash, randomBytes } from "node:crypto";
import type { Caller } from "../../mixins/contract/caller.ts";

/**
 * Ownership filter of a cart: its customer, or the hash of its token (guest carts only). Part of every query,
 * so foreign carts are not found.
 */
export type CartAccess =
  | { readonly customerId: string | null; readonly tokenHash: string | null }
  | "anyone's";

/** Write access of a caller: their own cart, and the guest cart of their token. */
export function accessOf(caller: Caller, cartToken: string | undefined): CartAccess {
  return {
    customerId: caller.kind === "user" ? caller.userId : null,
    tokenHash: cartToken === undefined ? null : hashOfCartToken(cartToken),
  };
}

/** Read access of a caller: the same; operators and the system read all carts. */
export function readAccessOf(caller: Caller, cartToken: string | undefined): CartAccess {
  return caller.kind === "operator" || caller.kind === "system" ? "anyone's" : accessOf(caller, cartToken);
}

/** A guest cart's secret of 256 bits, and the hash that is stored. */
export function newCartToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString("base64url");
  return { token, hash: hashOfCartToken(token) };
}

export function hashOfCartToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
