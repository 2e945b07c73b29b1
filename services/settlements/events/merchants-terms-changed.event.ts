import { on } from "../settlements.dependencies.ts";

/** Copies a merchant's commission, so that no sale has to ask for it. */
export const merchantsTermsChanged = on("merchants.terms-changed", async ({ payload }, tx, { terms }) => {
  await terms.add({ ...payload, validFrom: Date.parse(payload.validFrom) }, tx);
});
