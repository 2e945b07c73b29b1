import { onBatch } from "../catalog.dependencies.ts";

/** Copies the newest rating of each product. */
export const productsRated = onBatch(["reviews.product-rated"], async (events, tx, { ratings }) => {
  const newest = new Map<string, (typeof events)[number]["payload"]>();
  for (const { payload } of events)
    if ((newest.get(payload.productId)?.version ?? 0) < payload.version)
      newest.set(payload.productId, payload);
  await ratings.put(
    [...newest.values()].map(({ productId: id, average, count, version }) => ({
      id,
      average,
      count,
      version,
    })),
    tx,
  );
});
