import { z } from "zod";
import { id } from "../../../mixins/contract/ids.ts";
import { TaskFailure } from "../../../mixins/tasks/task.ts";
import { task } from "../catalog.dependencies.ts";
import type { ExternalDocument } from "../domain/search/external-document.ts";

const productsPerBatch = 200;
/** Difference of the clocks of two nodes. */
const clockDifferenceMs = 5000;

const nilId = "00000000-0000-0000-0000-000000000000";

/**
 * Builds an index of all products in the external search engine beside the one that is searched, and swaps
 * them. Products that changed meanwhile are sent again, so that the new index misses none of the changes.
 */
export const rebuildSearchIndex = task({
  kind: "rebuild-search-index",
  params: z.strictObject({
    /** An index whose products were read later suffices; absent: none does. */
    requestedAt: z.int().optional(),
  }),
  checkpoint: z.object({
    index: z.string().optional(),
    startedAt: z.int().default(0),
    after: id.default(nilId),
    products: z.int().default(0),
    /** Set after the swap: products up to this one are marked again. */
    marked: id.optional(),
  }),

  async run({ taskId, params, checkpoint, total: known, commit }, dependencies) {
    const { externalIndex, externalDocuments, exported, searchFeed } = dependencies;
    if (!externalIndex)
      throw new TaskFailure("no-external-engine", "SEARCH_ENGINE is built-in: its index is always complete");
    const requestedAt = checkpoint.index === undefined ? params.requestedAt : undefined;
    const readFrom = requestedAt === undefined ? undefined : await externalIndex.readFrom();
    if (requestedAt !== undefined && readFrom !== undefined && readFrom > requestedAt + clockDifferenceMs)
      return { products: 0 };

    const total = known ?? (await exported.count());
    const startedAt = checkpoint.startedAt || Date.now();
    const index = checkpoint.index ?? externalIndex.newName(taskId, startedAt);
    let state = { ...checkpoint, index, startedAt };
    const save = () => commit(async () => ({ done: state.products, total, checkpoint: state }));

    if (state.marked === undefined) {
      await save();
      await externalIndex.create(index, startedAt);
      for (let found = productsPerBatch; found === productsPerBatch;) {
        let batch: ExternalDocument[] = [];
        await commit(async (tx) => {
          batch = await externalDocuments.after(state.after, productsPerBatch, tx);
          return { done: state.products, total, checkpoint: state };
        });
        await externalIndex.fill(index, batch);
        found = batch.length;
        state = { ...state, after: batch.at(-1)?.id ?? state.after, products: state.products + found };
      }
      await save();
      await externalIndex.swap(index);
      state = { ...state, marked: nilId };
      await save();
    }
    for (let isLast = false; !isLast;) {
      let next = state;
      await commit(async (tx) => {
        const last = await searchFeed.markAgain(state.marked ?? nilId, productsPerBatch, Date.now(), tx);
        next = { ...state, marked: last ?? state.marked };
        return { done: state.products, total, checkpoint: next };
      });
      isLast = next.marked === state.marked;
      state = next;
    }
    await externalIndex.removeReplaced(index, Date.now());
    return { products: state.products };
  },
});
