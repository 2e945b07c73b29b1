import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import type { Result } from "../../../mixins/contract/calls.ts";
import type { Shopper } from "./identify-shopper.ts";

type Context = ActionContext<"orders.place">;
type Reservation = Result<"catalog.stock.reserve">;

/**
 * Reserves stock for an order about to be placed, at current prices. An existing reservation of the order
 * with the same lines counts instead.
 *
 * @throws ShopError `stock-shortage`, `too-many-unpaid-orders`, `not-found`; `illegal-transition` when the
 *   order's reservation was released, or the cart has changed since
 */
export async function reserveStock(
  orderId: string,
  lines: Result<"cart.snapshot">["lines"],
  { customerId, limits }: Shopper,
  { call }: Context,
): Promise<Reservation> {
  const holder = { id: customerId, maxUnits: limits.units };
  const reservation = await call("catalog.stock.reserve", { orderId, lines, holder });
  // A node of an earlier version, which knows no merchants, does not tell them.
  const ofMerchants = reservation.lines.map((line) => ({ ...line, merchantId: line.merchantId ?? null }));
  return { ...reservation, lines: ofMerchants };
}

/**
 * Compensates `reserveStock`, for an order that is ruled out. Does not throw: an unreachable reservation ends
 * with its lease.
 *
 * @returns true when certainly nothing is reserved
 */
export async function releaseStock(orderId: string, { call, log }: Context): Promise<boolean> {
  try {
    await call("catalog.stock.release", { orderId });
    return true;
  } catch (error) {
    log.warn(
      `stock reserved for ${orderId} was not released; it stays reserved until its lease expires`,
      error,
    );
    return false;
  }
}
