import { demoCoupons } from "./data/orders.ts";
import type { DemoShop } from "./demo-shop.ts";
import type { Order, PayMeans } from "./place-order.ts";
import { placeOrder, saveCard } from "./place-order.ts";
import type { PlannedOrder } from "./plan-orders.ts";
import type { Customer } from "./seed-customers.ts";
import type { Seller } from "./seed-merchants.ts";
import { takeOrderFurther } from "./take-order-further.ts";

/** An order that was placed. */
export interface Trade {
  readonly planned: PlannedOrder;
  readonly order: Order;
  readonly buyer: Customer;
}

/** Coupons, and orders of all customers, each customer's one after the other. */
export async function seedOrders(
  shop: DemoShop,
  plan: readonly PlannedOrder[],
  customers: readonly Customer[],
  sellers: ReadonlyMap<string, Seller>,
): Promise<Trade[]> {
  for (const coupon of demoCoupons(Date.now()))
    await shop.attempt("already-exists", () => shop.call("orders.coupons.create", coupon));
  const trades: Trade[] = [];
  const place = async (planned: PlannedOrder, buyer: Customer) => {
    const order = await placeOrder(planned, buyer, shop);
    trades.push({ planned, order, buyer });
    return order;
  };
  // These first, since it takes a minute.
  for (const planned of plan.filter(expires)) {
    const buyer = customers[planned.customer];
    if (buyer) await place(planned, buyer);
  }
  await shop.each("customers' orders", customers, async (buyer) => {
    const own = plan.filter((planned) => planned.customer === buyer.number && !expires(planned));
    const means: PayMeans = paysWithCards(shop) ? await saveCard(buyer, shop) : "manual";
    for (const planned of own) {
      const order = await place(planned, buyer);
      await takeOrderFurther(order, planned.outcome, { shop, buyer, means, sellers });
    }
  });
  return trades.toSorted((one, other) => one.planned.number - other.planned.number);
}

function expires({ outcome }: PlannedOrder): boolean {
  return outcome === "expired";
}

/** The sandbox runs in this process; elsewhere its cards would need a browser's way to it. */
function paysWithCards({ config }: DemoShop): boolean {
  return config.shape === "embedded" && config.payments.providers.includes("sandbox");
}
