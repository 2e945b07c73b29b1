import { action } from "../orders.dependencies.ts";

/** Races with the checkout's commit: both change the same row, and the first one decides. */
export const settleCheckouts = action("orders.checkouts.settle", async (context, { checkouts, orders }) => {
  const { params, now, transaction } = context;
  const orderIds = [...new Set(params.orderIds)].toSorted();
  const placed = await transaction(async (tx) => {
    await checkouts.abandonUnfinished(orderIds, now, tx);
    // Reads orders, not checkouts: orders are kept for ever.
    return orders.existing(orderIds, tx);
  });
  return orderIds.map(
    (orderId) => ({ orderId, outcome: placed.has(orderId) ? "placed" : "abandoned" }) as const,
  );
});
