import { periodOf } from "../period.ts";
import { action } from "../statistics.dependencies.ts";

export const getConversion = action("statistics.conversion", async ({ params, now }, dependencies) => {
  const { calendar, presence, figures } = dependencies;
  const { from, to } = periodOf(params, calendar, now);
  const days = await presence.countsOf(from, to);
  const total = await figures.total({ from, to, merchants: undefined });
  const carts = days.reduce((sum, day) => sum + day.carts, 0);
  const { orders_placed: ordersPlaced, orders_paid: ordersPaid } = total;
  return {
    from,
    to,
    carts,
    ordersPlaced,
    ordersPaid,
    ordersPerCart: carts === 0 ? null : ordersPlaced / carts,
    paidPerOrder: ordersPlaced === 0 ? null : ordersPaid / ordersPlaced,
  };
});
