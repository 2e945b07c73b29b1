import { job } from "../catalog.dependencies.ts";
import { pairScores } from "../domain/bought-together.ts";

const minuteMs = 60_000;
/** Small, since counting touches up to ten products of each. */
const batch = 50;
/** Several times as many as are shown, so that what is bought more lately has a chance to rise. */
const pairsPerProduct = 50;

/** Counts which products were ordered together. A basket is taken and counted in one transaction, so once. */
export const countBaskets = job({
  name: "count-baskets",
  once: "cluster",
  every: () => minuteMs,
  async run({ transaction }, { related }) {
    for (let counted = batch; counted === batch;)
      counted = await transaction(async (tx) => {
        const baskets = await related.takeBaskets(batch, tx);
        const pairs = pairScores(baskets);
        if (pairs.length > 0) await related.addScores(pairs, pairsPerProduct, tx);
        return baskets.length;
      });
  },
});
