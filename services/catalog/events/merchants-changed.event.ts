import { on } from "../catalog.dependencies.ts";

/** Copies a merchant. Its own event takes effect in caches: products are on or off sale from then on. */
export const merchantsChanged = on("merchants.changed", async ({ payload }, tx, { merchantCopies }) => {
  const { merchantId, version, after } = payload;
  if (await merchantCopies.put({ id: merchantId, ...after, version }, tx))
    tx.publish("catalog.merchant-copied", { merchantId, status: after.status, version });
});
