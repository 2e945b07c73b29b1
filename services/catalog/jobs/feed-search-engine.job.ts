import { job } from "../catalog.dependencies.ts";

const batch = 200;
const dayMs = 86_400_000;

/** Sends changed products to an external search engine; what could not be sent waits for the next run. */
export const feedSearchEngine = job({
  name: "feed-search-engine",
  once: "cluster",
  every: (config) => config.sweepIntervalMs,
  async run({ now, transaction }, { externalIndex, externalDocuments, searchFeed }) {
    if (!externalIndex) return;
    for (let found = batch; found === batch;) {
      const { waiting, documents } = await transaction(async (tx) => {
        const marked = await searchFeed.waiting(batch, tx);
        const ids = marked.map(({ productId }) => productId);
        return { waiting: marked, documents: await externalDocuments.ofIds(ids, tx) };
      });
      found = waiting.length;
      if (found === 0) break;
      const existing = new Set(documents.map(({ id }) => id));
      const removed = waiting.flatMap(({ productId }) => (existing.has(productId) ? [] : [productId]));
      await externalIndex.write(documents, removed);
      await transaction((tx) => searchFeed.sent(waiting, tx));
    }
    for (let forgotten = batch; forgotten === batch;)
      forgotten = await transaction((tx) => searchFeed.forget(now - dayMs, batch, tx));
  },
});
