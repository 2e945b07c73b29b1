import { action } from "../catalog.dependencies.ts";
import { presentMovement } from "../present.ts";

export const listStockMovements = action("catalog.stock.movements", async ({ params, fail }, { stock }) => {
  const { variantId, kind, ...request } = params;
  if (!(await stock.byVariant(variantId))) throw fail("not-found");
  const page = await stock.movements(variantId, kind, request);
  return { ...page, items: page.items.map(presentMovement) };
});
