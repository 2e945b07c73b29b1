import { action } from "../orders.dependencies.ts";

/** Whoever comes first, this or the checkout's own commit, decides; both change the same row. */
export const settleCheckouts = action("orders.checkouts.settle", async (context, { checkouts, orders }) => {
  const { params, now, transaction } = context;
  const orderIds = [...new Set(params.orderIds)].toSorted();
  const placed = await transaction(async (tx) => {
    await checkouts.abandonUnfinished(orderIds, now, tx);
    // Orders, not checkouts, are asked: they are remembered forever.
    return orders.existing(orderIds, tx);
  });
  return orderIds.map((orderId) => ({ orderId, outcome: placed.has(orderId) ? "placed" : "abandoned" }) as const);
});
