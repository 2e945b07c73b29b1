import { actorOf } from "../../../mixins/contract/caller.ts";
import { difference } from "../../../mixins/contract/changes.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { action } from "../catalog.dependencies.ts";
import { collectionSnapshot, presentCollection, takenFields } from "../present.ts";
import { rebuildCollection } from "../tasks/rebuild-collection.task.ts";

export const updateCollection = action("catalog.collections.update", async (context, dependencies) => {
  const { params, caller, requestId, now, transaction, fail } = context;
  const { collections, tasks, locales, imagePresenter } = dependencies;
  return transaction(async (tx) => {
    const collection = await collections.lock(params.id, tx);
    if (!collection) throw fail("not-found");
    assertVersion(collection, params);
    if (params.rule && !collection.rule)
      throw fail("illegal-transition", "The products of this collection are picked, not found by a rule");

    const wanted = {
      ...collection,
      slug: params.slug ?? collection.slug,
      name: params.name ?? collection.name,
      description: params.description ?? collection.description,
      rule: params.rule ?? collection.rule,
      texts: locales.withChanges(collection.texts, params.texts),
      seo: params.seo ?? collection.seo,
    };
    const differing = difference(collectionSnapshot(collection), collectionSnapshot(wanted));
    if (!differing) return { ...presentCollection(collection, imagePresenter), task: null };

    const changed = { ...wanted, version: collection.version + 1, updatedAt: now };
    const outcome = await collections.update(collection, changed, tx);
    if (outcome === "taken") throw fail("already-exists", undefined, takenFields("slug"));
    if (outcome === "stale") throw fail("precondition-failed");
    tx.publish("catalog.changed", {
      entity: "collection",
      id: collection.id,
      change: "updated",
      ...differing,
    });
    const origin = { actor: actorOf(caller), requestId };
    const task =
      "rule" in differing.after
        ? await tasks.enqueue(rebuildCollection, { collectionId: collection.id }, origin, tx)
        : null;
    return { ...presentCollection(changed, imagePresenter), task };
  });
});
