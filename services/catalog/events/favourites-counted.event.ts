import { onBatch } from "../catalog.dependencies.ts";

/** Keeps how many customers have a product in their favourites, so that its page asks nobody. */
export const favouritesCounted = onBatch(["favourites.counted"], async (events, tx, { favouriteCounts }) => {
  await favouriteCounts.store(
    events.flatMap(({ payload }) => payload.products),
    tx,
  );
});
