import { on } from "../settlements.dependencies.ts";

/** Copies the merchant's name, and opens its accounts. */
export const merchantsChanged = on("merchants.changed", async ({ payload }, tx, { ledger }) => {
  await ledger.putMerchant(payload.merchantId, payload.after.name, payload.version, tx);
});
