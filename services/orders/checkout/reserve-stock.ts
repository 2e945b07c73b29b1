import type { ActionContext } from "../../../mixins/shop-action.ts";
import type { Result } from "../../contract/calls.ts";

type Context = ActionContext<"orders.place">;
type Reservation = Result<"catalog.stock.reserve">;

/**
 * Holds the goods for an order that is about to be placed, at the prices of this moment. For an order that has a
 * reservation of the same lines already, that one counts.
 *
 * @throws ShopError `stock-shortage`, `not-found`; `illegal-transition` when the order's reservation was given up, or
 * the cart has changed since
 */
export async function reserveStock(
  orderId: string,
  lines: Result<"cart.snapshot">["lines"],
  { call }: Context,
): Promise<Reservation> {
  return call("catalog.stock.reserve", { orderId, lines });
}

/**
 * The undo of `reserveStock`, for an order that is certain never to be placed. It never fails: a reservation that it
 * cannot reach ends with its lease.
 *
 * @returns whether it is certain that nothing is held
 */
export async function releaseStock(orderId: string, { call, log }: Context): Promise<boolean> {
  try {
    await call("catalog.stock.release", { orderId });
    return true;
  } catch (error) {
    log.warn(`the stock held for ${orderId} was not released and waits for its lease to end`, error);
    return false;
  }
}
