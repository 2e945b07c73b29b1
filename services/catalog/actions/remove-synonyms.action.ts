import { action } from "../catalog.dependencies.ts";
import { synonymsSnapshot } from "../present-search-tuning.ts";

export const removeSynonyms = action("catalog.synonyms.remove", async (context, { synonyms }) => {
  const { params, transaction, fail } = context;
  await transaction(async (tx) => {
    const removed = await synonyms.lock(params.id, tx);
    if (!removed) throw fail("not-found");
    await synonyms.remove(removed.id, tx);
    tx.publish("catalog.changed", {
      entity: "search-synonyms",
      id: removed.id,
      change: "removed",
      before: synonymsSnapshot(removed),
      after: null,
    });
  });
  return null;
});
