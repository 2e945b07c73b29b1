import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../catalog.dependencies.ts";

export const getStock = action("catalog.stock.get", async (context, { stock, variants }) => {
  const { params, caller, fail } = context;
  const { variantId } = params;
  const among = merchantFilter(caller, "stock:write");
  const account =
    !among || (await variants.isOf(variantId, among)) ? await stock.byVariant(variantId) : undefined;
  if (!account) throw fail("not-found");
  return account;
});
