import { newId } from "../../contract/ids.ts";
import { action } from "../catalog.dependencies.ts";
import { exceededLimit, placeBelow } from "../domain/category-tree.ts";
import { categorySnapshot, presentCategory, takenFields } from "../present.ts";

export const createCategory = action("catalog.categories.create", async (context, { categories }) => {
  const { params, now, transaction, fail } = context;
  const id = newId();
  return transaction(async (tx) => {
    const parent = params.parentId === null ? undefined : await categories.lock(params.parentId, tx);
    if (params.parentId !== null && !parent) throw fail("not-found", "There is no such parent category");
    const place = placeBelow(parent, params.slug);
    const exceeded = exceededLimit(place.depth, place.path.length);
    if (exceeded) throw fail("limit-reached", exceeded.detail, { limit: exceeded.limit });

    const category = { ...params, ...place, id, version: 1, createdAt: now, updatedAt: now };
    if (!(await categories.insert(category, tx))) throw fail("already-exists", undefined, takenFields("slug"));
    tx.publish("catalog.changed", {
      entity: "category",
      id,
      change: "created",
      before: null,
      after: categorySnapshot(category),
    });
    return presentCategory(category);
  });
});
