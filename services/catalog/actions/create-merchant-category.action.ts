import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { action } from "../catalog.dependencies.ts";
import { faultOfPlace, maxOwnCategories, maxOwnDepth } from "../domain/merchant-tree.ts";
import { merchantCategorySnapshot, presentMerchantCategoryDetails } from "../present-merchant-category.ts";

export const createMerchantCategory = action("catalog.merchant-categories.create", async (context, deps) => {
  const { params, caller, now, transaction, fail } = context;
  const { merchantCategories, locales } = deps;
  const texts = locales.withChanges({}, params.texts);
  const category = { ...params, id: newId(), texts, version: 1, createdAt: now, updatedAt: now };
  return transaction(async (tx) => {
    const among = merchantFilter(caller, "catalog:write");
    const tree = await merchantCategories.lockTree(params.merchantId, tx, among);
    if (!tree) throw fail("not-found");
    if (tree.length >= maxOwnCategories)
      throw fail("limit-reached", "The merchant has too many categories", { limit: maxOwnCategories });
    const fault = faultOfPlace(tree, params.parentId);
    if (fault === "no-parent") throw fail("not-found", "Parent category not found");
    if (fault)
      throw fail("limit-reached", "The categories would be nested too deeply", { limit: maxOwnDepth });
    await merchantCategories.insert(category, tx);
    tx.publish("catalog.changed", {
      entity: "merchant-category",
      id: category.id,
      change: "created",
      before: null,
      after: merchantCategorySnapshot(category),
    });
    return presentMerchantCategoryDetails(category);
  });
});
