import { createHash, randomBytes } from "node:crypto";
import type { Caller } from "../contract/caller.ts";

/**
 * By what a cart is found besides its id: its customer, or the hash of its token (guest carts only). It is part of
 * every query, so that someone else's cart is not found.
 */
export type CartAccess = { readonly customerId: string | null; readonly tokenHash: string | null } | "anyone's";

/** What a caller may change: their own cart, and the guest cart whose token they hold. */
export function accessOf(caller: Caller, cartToken: string | undefined): CartAccess {
  return {
    customerId: caller.kind === "user" ? caller.userId : null,
    tokenHash: cartToken === undefined ? null : hashOfCartToken(cartToken),
  };
}

/** What a caller may look at: the same, and for operators and the shop itself everyone's. */
export function readAccessOf(caller: Caller, cartToken: string | undefined): CartAccess {
  return caller.kind === "operator" || caller.kind === "system" ? "anyone's" : accessOf(caller, cartToken);
}

/** A guest cart's secret of 256 bits, and the hash by which it is kept. */
export function newCartToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString("base64url");
  return { token, hash: hashOfCartToken(token) };
}

export function hashOfCartToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
