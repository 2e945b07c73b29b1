import { on } from "../reviews.dependencies.ts";

/** Records what was bought. Orders that were paid under a version without these lines are not reviewed. */
export const recordBought = on("orders.paid", async ({ payload }, tx, { purchases }) => {
  const lines = (payload.lines ?? []).flatMap(({ lineId, productId, variantId, merchantId = null }) =>
    lineId === undefined || productId === undefined ? [] : [{ lineId, productId, variantId, merchantId }],
  );
  if (lines.length > 0) await purchases.addBought(payload, lines, tx);
});
