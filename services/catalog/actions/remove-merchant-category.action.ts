import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../catalog.dependencies.ts";
import { merchantCategorySnapshot } from "../present-merchant-category.ts";

export const removeMerchantCategory = action("catalog.merchant-categories.remove", async (context, deps) => {
  const { params, caller, transaction, fail } = context;
  const { merchantCategories } = deps;
  await transaction(async (tx) => {
    const among = merchantFilter(caller, "catalog:write");
    const tree = (await merchantCategories.lockTree(params.merchantId, tx, among)) ?? [];
    const category = tree.find(({ id }) => id === params.id);
    if (!category) throw fail("not-found");
    if (tree.some(({ parentId }) => parentId === category.id))
      throw fail("in-use", "The category has subcategories");
    await merchantCategories.remove(category.id, tx);
    tx.publish("catalog.changed", {
      entity: "merchant-category",
      id: category.id,
      change: "removed",
      before: merchantCategorySnapshot(category),
      after: null,
    });
  });
  return null;
});
