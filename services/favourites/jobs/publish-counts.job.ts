import { newId } from "../../../mixins/contract/ids.ts";
import { job } from "../favourites.dependencies.ts";

const batch = 100;

/**
 * Publishes counts that have changed, many in one event: a product that a thousand customers add within seconds
 * is told once. The events name nobody.
 */
export const publishCounts = job({
  name: "publish-counts",
  once: "node",
  every: ({ sweepIntervalMs }) => sweepIntervalMs,
  async run({ transaction }, { counts }) {
    let published = batch;
    while (published === batch)
      published = await transaction(async (tx) => {
        const products = await counts.untold(batch, tx);
        if (products.length === 0) return 0;
        const ids = products.map(({ id }) => id);
        await counts.markTold(ids, tx);
        tx.publish("favourites.counted", { batchId: newId(), products });
        return products.length;
      });
  },
});
