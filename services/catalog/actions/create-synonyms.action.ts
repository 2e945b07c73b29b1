import { newId } from "../../../mixins/contract/ids.ts";
import { action } from "../catalog.dependencies.ts";
import { maxGroups } from "../domain/search/synonyms.ts";
import { assertSynonyms, presentSynonyms, synonymsSnapshot } from "../present-search-tuning.ts";

export const createSynonyms = action("catalog.synonyms.create", async (context, dependencies) => {
  const { params, now, transaction, fail } = context;
  const { synonyms } = dependencies;
  assertSynonyms(params);
  const created = { id: newId(), ...params, version: 1, createdAt: now, updatedAt: now };
  await transaction(async (tx) => {
    if (await synonyms.isFull(tx)) throw fail("limit-reached", undefined, { limit: maxGroups });
    await synonyms.insert(created, tx);
    tx.publish("catalog.changed", {
      entity: "search-synonyms",
      id: created.id,
      change: "created",
      before: null,
      after: synonymsSnapshot(created),
    });
  });
  return presentSynonyms(created);
});
