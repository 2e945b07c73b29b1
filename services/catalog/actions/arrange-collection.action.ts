import { difference } from "../../../mixins/contract/changes.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { action } from "../catalog.dependencies.ts";
import { presentCollection } from "../present.ts";

export const arrangeCollection = action(
  "catalog.collections.arrange",
  async (context, { collections, products, imagePresenter }) => {
    const { params, now, transaction, fail } = context;
    const { productIds } = params;
    return transaction(async (tx) => {
      const collection = await collections.lock(params.id, tx);
      if (!collection) throw fail("not-found");
      assertVersion(collection, params);
      if (collection.rule)
        throw fail("illegal-transition", "The products of this collection are found by its rule");
      const there = await products.lockAll(productIds, tx);
      const missing = productIds.find((id) => !there.has(id));
      if (missing !== undefined) throw fail("not-found", "Product not found", { productId: missing });

      const before = await collections.productIds(collection.id, tx);
      const differing = difference({ productIds: before }, { productIds });
      if (!differing) return presentCollection(collection, imagePresenter);
      const changed = { ...collection, version: collection.version + 1, updatedAt: now };
      if ((await collections.update(collection, changed, tx)) !== "saved") throw fail("precondition-failed");
      await collections.arrange(collection.id, productIds, tx);
      tx.publish("catalog.changed", {
        entity: "collection",
        id: collection.id,
        change: "updated",
        ...differing,
      });
      return presentCollection(changed, imagePresenter);
    });
  },
);
