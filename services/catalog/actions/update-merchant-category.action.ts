import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { difference } from "../../../mixins/contract/changes.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { action } from "../catalog.dependencies.ts";
import { faultOfPlace, maxOwnDepth } from "../domain/merchant-tree.ts";
import { merchantCategorySnapshot, presentMerchantCategoryDetails } from "../present-merchant-category.ts";

export const updateMerchantCategory = action("catalog.merchant-categories.update", async (context, deps) => {
  const { params, caller, now, transaction, fail } = context;
  const { merchantCategories, locales } = deps;
  return transaction(async (tx) => {
    const among = merchantFilter(caller, "catalog:write");
    const tree = (await merchantCategories.lockTree(params.merchantId, tx, among)) ?? [];
    const category = tree.find(({ id }) => id === params.id);
    if (!category) throw fail("not-found");
    assertVersion(category, params);
    const wanted = {
      ...category,
      name: params.name ?? category.name,
      texts: locales.withChanges(category.texts, params.texts),
      parentId: params.parentId === undefined ? category.parentId : params.parentId,
      position: params.position ?? category.position,
    };
    const differing = difference(merchantCategorySnapshot(category), merchantCategorySnapshot(wanted));
    if (!differing) return presentMerchantCategoryDetails(category);
    const fault = faultOfPlace(tree, wanted.parentId, category.id);
    if (fault === "no-parent") throw fail("not-found", "Parent category not found");
    if (fault === "below-itself") throw fail("illegal-transition", "A category cannot be moved below itself");
    if (fault)
      throw fail("limit-reached", "The categories would be nested too deeply", { limit: maxOwnDepth });
    const changed = { ...wanted, version: category.version + 1, updatedAt: now };
    await merchantCategories.update(changed, tx);
    tx.publish("catalog.changed", {
      entity: "merchant-category",
      id: category.id,
      change: "updated",
      ...differing,
    });
    return presentMerchantCategoryDetails(changed);
  });
});
