import type { TypedCall } from "../contract/calls.ts";

interface GuestCart {
  readonly id: string;
  readonly token: string;
}

/**
 * Gives a guest's cart to who has logged in. A cart that cannot be merged is no reason to keep its owner out: it stays as
 * it is and can be claimed later.
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
    log.warn(`guest cart ${guestCart.id} was not merged at login`, error);
    return null;
  }
}
