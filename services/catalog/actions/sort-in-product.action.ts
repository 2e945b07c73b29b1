import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { difference } from "../../../mixins/contract/changes.ts";
import { action } from "../catalog.dependencies.ts";

export const sortInProduct = action("catalog.products.sort-in", async (context, dependencies) => {
  const { params, caller, transaction, fail } = context;
  const { products, merchantCategories } = dependencies;
  const { id, categoryIds } = params;
  await transaction(async (tx) => {
    const product = await products.lock(id, tx, merchantFilter(caller, "catalog:write"));
    if (!product) throw fail("not-found");
    // Under the tree's lock, so that no category is removed meanwhile.
    const { merchantId } = product;
    const tree = merchantId === null ? [] : await merchantCategories.lockTree(merchantId, tx, undefined);
    const known = new Set(tree?.map((category) => category.id));
    const missing = categoryIds.find((categoryId) => !known.has(categoryId));
    if (missing !== undefined) throw fail("not-found", "Category not found", { categoryId: missing });
    const before = await merchantCategories.ofProduct(id, tx);
    const wanted = { merchantCategories: categoryIds.toSorted() };
    const differing = difference({ merchantCategories: before }, wanted);
    if (!differing) return;
    await merchantCategories.put(id, categoryIds, tx);
    tx.publish("catalog.changed", { entity: "product", id, change: "updated", ...differing });
  });
  return { categoryIds };
});
