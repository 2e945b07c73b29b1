import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../catalog.dependencies.ts";
import { presentMovement } from "../present.ts";

export const listStockMovements = action("catalog.stock.movements", async (context, { stock, variants }) => {
  const { params, caller, fail } = context;
  const among = merchantFilter(caller, "stock:write");
  const { variantId, kind, ...request } = params;
  if (!(among ? await variants.isOf(variantId, among) : await stock.byVariant(variantId)))
    throw fail("not-found");
  const page = await stock.movements(variantId, kind, request);
  return { ...page, items: page.items.map(presentMovement) };
});
