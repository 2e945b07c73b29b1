import { z } from "zod";
import { id } from "../../../mixins/contract/ids.ts";
import { task } from "../catalog.dependencies.ts";

const productsPerBatch = 200;

const nilId = "00000000-0000-0000-0000-000000000000";

/**
 * Applies a collection's rule to all products, after the rule or the tree of its categories changed. Each
 * batch applies the rule as it is then.
 */
export const rebuildCollection = task({
  kind: "rebuild-collection",
  params: z.strictObject({ collectionId: id }),
  checkpoint: z.object({ after: id.default(nilId), products: z.int().default(0) }),

  async run({ params, checkpoint, commit }, { collections }) {
    let progress = checkpoint;
    for (let found = productsPerBatch; found === productsPerBatch;) {
      let next = progress;
      await commit(async (tx) => {
        const step = await collections.rebuildAfter(
          params.collectionId,
          progress.after,
          productsPerBatch,
          tx,
        );
        next = { after: step.last ?? progress.after, products: progress.products + step.products };
        return { done: next.products, checkpoint: next };
      });
      found = next.products - progress.products;
      progress = next;
    }
    return { products: progress.products };
  },
});
