import type { TypedCall } from "../../mixins/contract/calls.ts";

interface GuestCart {
  readonly id: string;
  readonly token: string;
}

/**
 * Merges a guest cart at login. A failure does not block the login: the cart stays and can be merged later.
 */
export async function adoptCart(
  guestCart: GuestCart | undefined,
  userId: string,
  { call, log }: { call: TypedCall; log: { warn(...args: unknown[]): void } },
): Promise<string | null> {
  if (!guestCart) return null;
  try {
    const { cartId } = await call("cart.adopt", { id: guestCart.id, cartToken: guestCart.token, userId });
    return cartId;
  } catch (error) {
    log.warn(`merging guest cart ${guestCart.id} at login failed`, error);
    return null;
  }
}
