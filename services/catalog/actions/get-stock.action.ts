import { action } from "../catalog.dependencies.ts";

export const getStock = action("catalog.stock.get", async ({ params, fail }, { stock }) => {
  const account = await stock.byVariant(params.variantId);
  if (!account) throw fail("not-found");
  return account;
});
