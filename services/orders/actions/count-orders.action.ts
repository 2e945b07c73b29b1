import { action } from "../orders.dependencies.ts";

export const countOrders = action("orders.counts", async ({ caller }, { orders }) =>
  orders.countByState(caller.userId),
);
