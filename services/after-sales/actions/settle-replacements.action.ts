import { action } from "../after-sales.dependencies.ts";

/** Races with the approval's commit: both change the same row, and the first one decides. */
export const settleReplacements = action(
  "after-sales.replacements.settle",
  async ({ params, transaction }, { replacements }) => {
    const ids = [...new Set(params.ids)].toSorted();
    const promised = await transaction(async (tx) => {
      await replacements.abandonOpen(ids, tx);
      return replacements.promised(ids, tx);
    });
    return ids.map((id) => ({ id, outcome: promised.has(id) ? "placed" : "abandoned" }) as const);
  },
);
