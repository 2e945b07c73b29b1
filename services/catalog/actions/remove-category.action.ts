import { action } from "../catalog.dependencies.ts";
import { categorySnapshot } from "../present.ts";

export const removeCategory = action(
  "catalog.categories.remove",
  async (context, { categories, products, images }) => {
    const { params, transaction, fail } = context;
    await transaction(async (tx) => {
      const category = await categories.lock(params.id, tx);
      if (!category) throw fail("not-found");
      if (await categories.hasChildren(category.id, tx))
        throw fail("in-use", "The category has subcategories");
      if (await products.anyOfCategory(category.id, tx)) throw fail("in-use", "The category has products");
      await images.removeAll({ kind: "category", id: category.id }, tx);
      await categories.remove(category.id, tx);
      tx.publish("catalog.changed", {
        entity: "category",
        id: category.id,
        change: "removed",
        before: categorySnapshot(category),
        after: null,
      });
    });
    return null;
  },
);
