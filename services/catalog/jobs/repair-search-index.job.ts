import { job } from "../catalog.dependencies.ts";

const hourMs = 3_600_000;
/** Small: nothing else runs while the texts of a batch are compared. */
const batch = 50;

/**
 * Indexes products anew whose terms are not those of their texts: nodes of an earlier version, which know
 * nothing of the index, changed them during a rolling update, or this version makes other terms of texts.
 */
export const repairSearchIndex = job({
  name: "repair-search-index",
  once: "cluster",
  every: () => hourMs,
  async run({ transaction, log }, { products, searchIndex }) {
    for (let last: string | undefined = ""; last !== undefined;) {
      const page = await searchIndex.misindexed(last, batch);
      for (const productId of page.ids)
        await transaction(async (tx) => {
          if (await products.lock(productId, tx)) await products.refreshDerivedColumns(productId, tx);
        });
      if (page.ids.length > 0) log.warn(`indexed ${page.ids.length} products anew`);
      last = page.last;
    }
  },
});
