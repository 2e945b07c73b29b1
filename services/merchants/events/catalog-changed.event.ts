import { on } from "../merchants.dependencies.ts";

/** Counts the published products of merchants. */
export const countProducts = on("catalog.changed", async ({ payload }, tx, { merchants }) => {
  const { before = null, after = null } = payload.publishedBy ?? {};
  if (before !== null) await merchants.countProducts(before, -1, tx);
  if (after !== null) await merchants.countProducts(after, 1, tx);
});
