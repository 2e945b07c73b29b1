import { action } from "../catalog.dependencies.ts";
import { collectionSnapshot } from "../present.ts";

export const removeCollection = action(
  "catalog.collections.remove",
  async (context, { collections, images }) => {
    const { params, transaction, fail } = context;
    await transaction(async (tx) => {
      const collection = await collections.lock(params.id, tx);
      if (!collection) throw fail("not-found");
      await images.removeAll({ kind: "collection", id: collection.id }, tx);
      await collections.remove(collection.id, tx);
      tx.publish("catalog.changed", {
        entity: "collection",
        id: collection.id,
        change: "removed",
        before: collectionSnapshot(collection),
        after: null,
      });
    });
    return null;
  },
);
