import { actorOf } from "../../../mixins/contract/caller.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { action } from "../catalog.dependencies.ts";
import { collectionSnapshot, presentCollection, takenFields } from "../present.ts";
import { rebuildCollection } from "../tasks/rebuild-collection.task.ts";

/** All collections, and those by rule, which every change of a product evaluates. */
const limits = { all: 1000, byRule: 200 } as const;

export const createCollection = action("catalog.collections.create", async (context, dependencies) => {
  const { params, caller, requestId, now, transaction, fail } = context;
  const { collections, tasks, locales, imagePresenter } = dependencies;
  const texts = locales.withChanges({}, params.texts);
  const collection = {
    id: newId(),
    ...params,
    texts,
    image: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  const origin = { actor: actorOf(caller), requestId };
  const task = await transaction(async (tx) => {
    const count = await collections.count(tx);
    if (count.all >= limits.all) throw fail("limit-reached", undefined, { limit: limits.all });
    if (collection.rule && count.byRule >= limits.byRule)
      throw fail("limit-reached", "There are enough collections by rule", { limit: limits.byRule });
    if (!(await collections.insert(collection, tx)))
      throw fail("already-exists", undefined, takenFields("slug"));
    tx.publish("catalog.changed", {
      entity: "collection",
      id: collection.id,
      change: "created",
      before: null,
      after: collectionSnapshot(collection),
    });
    if (!collection.rule) return null;
    return tasks.enqueue(rebuildCollection, { collectionId: collection.id }, origin, tx);
  });
  return { ...presentCollection(collection, imagePresenter), task };
});
