import { on } from "../reviews.dependencies.ts";

/** Lets buyers review what was delivered, or what they confirmed to have received; whichever is heard of first. */
export const recordReceived = on(
  ["orders.delivered", "orders.received"],
  async ({ payload, occurredAt }, tx, { purchases }) => {
    const variantIds = [...new Set(payload.lines.map(({ variantId }) => variantId))];
    if (variantIds.length > 0) await purchases.addReceived(payload, variantIds, occurredAt, tx);
  },
);
