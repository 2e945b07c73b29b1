import { newId } from "../../../mixins/contract/ids.ts";
import { action } from "../catalog.dependencies.ts";
import { exceededLimit, placeBelow } from "../domain/category-tree.ts";
import { categorySnapshot, presentCategory, takenFields } from "../present.ts";

export const createCategory = action("catalog.categories.create", async (context, dependencies) => {
  const { params, now, transaction, fail } = context;
  const { categories, locales, imagePresenter } = dependencies;
  const id = newId();
  const texts = locales.withChanges({}, params.texts);
  return transaction(async (tx) => {
    const parent = params.parentId === null ? undefined : await categories.lock(params.parentId, tx);
    if (params.parentId !== null && !parent) throw fail("not-found", "Parent category not found");
    const place = placeBelow(parent, params.slug);
    const exceeded = exceededLimit(place.depth, place.path.length);
    if (exceeded) throw fail("limit-reached", exceeded.detail, { limit: exceeded.limit });

    const category = {
      ...params,
      ...place,
      id,
      texts,
      image: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    if (!(await categories.insert(category, tx)))
      throw fail("already-exists", undefined, takenFields("slug"));
    tx.publish("catalog.changed", {
      entity: "category",
      id,
      change: "created",
      before: null,
      after: categorySnapshot(category),
    });
    return presentCategory(category, imagePresenter);
  });
});
