import { difference } from "../../../mixins/contract/changes.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { action } from "../catalog.dependencies.ts";
import { assertSynonyms, presentSynonyms, synonymsSnapshot } from "../present-search-tuning.ts";

export const updateSynonyms = action("catalog.synonyms.update", async (context, { synonyms }) => {
  const { params, now, transaction, fail } = context;
  return transaction(async (tx) => {
    const before = await synonyms.lock(params.id, tx);
    if (!before) throw fail("not-found");
    assertVersion(before, params);
    const from = params.from === undefined ? before.from : params.from;
    const wanted = { ...before, words: params.words ?? before.words, from };
    assertSynonyms(wanted);
    const differing = difference(synonymsSnapshot(before), synonymsSnapshot(wanted));
    if (!differing) return presentSynonyms(before);

    const changed = { ...wanted, version: before.version + 1, updatedAt: now };
    await synonyms.update(changed, tx);
    tx.publish("catalog.changed", {
      entity: "search-synonyms",
      id: changed.id,
      change: "updated",
      ...differing,
    });
    return presentSynonyms(changed);
  });
});
