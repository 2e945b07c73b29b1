import type { Tx } from "../../../mixins/database/database.ts";
import type { Fail } from "../../../mixins/contract/calls.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import { action } from "../catalog.dependencies.ts";
import type { Category } from "../data/category-repository.ts";
import type { Place } from "../domain/category-tree.ts";
import { exceededLimit, isWithin, placeAbove, placeBelow } from "../domain/category-tree.ts";
import { difference } from "../../../mixins/contract/changes.ts";
import { categorySnapshot, presentCategory, takenFields } from "../present.ts";
import { actorOf } from "../../../mixins/contract/caller.ts";
import { rebuildCollectionsByCategory } from "../rebuild-collections.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";

type Failing = Fail<"catalog.categories.update">;

export const updateCategory = action("catalog.categories.update", async (context, dependencies) => {
  const { params, caller, requestId, now, transaction, fail } = context;
  const { categories, locales, imagePresenter } = dependencies;
  return transaction(async (tx) => {
    const category = await categories.lock(params.id, tx);
    if (!category) throw fail("not-found");
    assertVersion(category, params);

    const wanted = {
      ...category,
      slug: params.slug ?? category.slug,
      name: params.name ?? category.name,
      texts: locales.withChanges(category.texts, params.texts),
      parentId: params.parentId === undefined ? category.parentId : params.parentId,
      seo: params.seo ?? category.seo,
    };
    const differing = difference(categorySnapshot(category), categorySnapshot(wanted));
    if (!differing) return presentCategory(category, imagePresenter);

    const parent = await placeOfParent(category, wanted.parentId, categories, tx, fail);
    const place = placeBelow(parent, wanted.slug);
    if (place.path !== category.path) await checkBranchFits(category, place, categories, tx, fail);

    const changed = { ...wanted, ...place, version: category.version + 1, updatedAt: now };
    const outcome = await categories.update(category, changed, tx);
    if (outcome === "taken") throw fail("already-exists", undefined, takenFields("slug"));
    if (outcome === "stale") throw fail("precondition-failed");
    if (place.path !== category.path) await categories.moveBranch(category, place, now, tx);
    if (wanted.parentId !== category.parentId)
      await rebuildCollectionsByCategory(dependencies, { actor: actorOf(caller), requestId }, tx);
    tx.publish("catalog.changed", { entity: "category", id: category.id, change: "updated", ...differing });
    return presentCategory(changed, imagePresenter);
  });
});

/** Locks the new parent, so it can neither be removed nor moved meanwhile. */
async function placeOfParent(
  category: Category,
  parentId: string | null,
  categories: CatalogDependencies["categories"],
  tx: Tx,
  fail: Failing,
): Promise<Place | undefined> {
  if (parentId === category.parentId) return placeAbove(category);
  if (parentId === null) return undefined;
  const parent = await categories.lock(parentId, tx);
  if (!parent) throw fail("not-found", "Parent category not found");
  if (isWithin(parent, category)) throw fail("illegal-transition", "A category cannot be moved below itself");
  return parent;
}

async function checkBranchFits(
  from: Place,
  to: Place,
  categories: CatalogDependencies["categories"],
  tx: Tx,
  fail: Failing,
): Promise<void> {
  const branch = await categories.lockBranch(from, tx);
  const exceeded = exceededLimit(
    branch.depth - from.depth + to.depth,
    branch.pathLength - from.path.length + to.path.length,
  );
  if (exceeded) throw fail("limit-reached", exceeded.detail, { limit: exceeded.limit });
}
