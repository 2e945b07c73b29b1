import { action } from "../after-sales.dependencies.ts";
import { presentSummary } from "../present.ts";

export const listOfOrder = action(
  "after-sales.requests.of-order",
  async ({ params: { orderId, ...request }, caller, call }, { afterSales }) => {
    const customerId = caller.userId;
    // Not found unless it is the caller's order.
    await call("orders.after-sales.goods", { orderId, customerId });
    const found = await afterSales.list({ customerId }, { orderId }, request);
    return { ...found, items: found.items.map(presentSummary) };
  },
);
