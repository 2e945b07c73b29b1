import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import type { Checkout } from "../domain/checkout.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import type { Shopper } from "./identify-shopper.ts";

/**
 * Checks that the customer may have one more unpaid order. The catalogue limits units per variant when it
 * reserves stock.
 *
 * @throws ShopError `too-many-unpaid-orders`
 */
export async function limitUnpaidOrders(
  checkout: Checkout,
  { limits }: Shopper,
  { now, fail }: ActionContext<"orders.place">,
  { checkouts, paymentWindowMs }: OrdersDependencies,
): Promise<void> {
  const { orders, ordersPerAddress: limit } = limits;
  const { ofCustomer, ofClient } = await checkouts.countUnpaid(checkout, now - paymentWindowMs);
  if (ofCustomer >= orders) throw fail("too-many-unpaid-orders", undefined, { of: "orders", limit: orders });
  if (ofClient >= limit) throw fail("too-many-unpaid-orders", undefined, { of: "address", limit });
}
