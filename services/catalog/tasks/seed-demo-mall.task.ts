import { actorText } from "../../../mixins/contract/caller.ts";
import { z } from "zod";
import type { Actor } from "../../../mixins/contract/caller.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import { TaskFailure } from "../../../mixins/tasks/task.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import { task } from "../catalog.dependencies.ts";
import type { MallProduct } from "../demo/demo-mall.ts";
import { rowsOf } from "../demo/mall-rows.ts";
import { importBatch } from "../import/import-batch.ts";
import { retryOnConflict } from "../import/retry-on-conflict.ts";

const productsPerBatch = 20;
const picturesPerBatch = 5;

/**
 * Adds the demonstration mall: types, brands, categories and products, then pictures of them. What is there
 * stays as it is.
 */
export const seedDemoMall = task({
  kind: "seed-demo-mall",
  params: z.strictObject({ pictures: z.int() }),
  /** `done` counts products, then pictures. */
  checkpoint: z.object({ done: z.int().default(0), added: z.int().default(0) }),

  async run({ taskId, params, checkpoint, actor, commit }, dependencies) {
    // On demand: most shops never seed, and their nodes need not load it.
    const { mallProducts } = await import("../demo/demo-mall.ts");
    const { seedDefinitions } = await import("../demo/seed-definitions.ts");
    const { seedPicture } = await import("../demo/seed-pictures.ts");
    const all = mallProducts();
    const total = all.length + Math.min(params.pictures, all.length);
    let state = checkpoint;
    const advance = async (steps: number, work: (tx: Tx) => Promise<number | void>) => {
      let next = state;
      await retryOnConflict(() =>
        commit(async (tx) => {
          const added = (await work(tx)) ?? 0;
          next = { done: state.done + steps, added: state.added + added };
          return { done: next.done, total, checkpoint: next };
        }),
      );
      state = next;
    };

    if (state.done === 0) await advance(0, (tx) => seedDefinitions(tx, dependencies));
    while (state.done < all.length) {
      const batch = all.slice(state.done, state.done + productsPerBatch);
      await advance(batch.length, (tx) => addMissing(batch, actor, tx, dependencies));
    }
    while (state.done < total) {
      const from = state.done - all.length;
      const batch = all.slice(from, Math.min(from + picturesPerBatch, total - all.length));
      for (const product of batch) await seedPicture(product, { actor, requestId: taskId }, dependencies);
      await advance(batch.length, () => Promise.resolve());
    }
    return { products: state.added };
  },
});

/** @returns the number of added products */
async function addMissing(
  products: readonly MallProduct[],
  actor: Actor,
  tx: Tx,
  dependencies: CatalogDependencies,
): Promise<number> {
  const { batches, locales } = dependencies;
  const slugs = products.map(({ slug }) => slug);
  const known = await batches.knownSlugs(slugs, tx);
  const rows = products
    .filter(({ slug }) => !known.has(slug))
    .flatMap((product) => rowsOf(product, locales.default));
  // Also in languages that the shop does not have yet.
  const isTranslated = (locale: string) => locale !== locales.default;
  const options = { mayReceive: true, actor: actorText(actor), isTranslated };
  const { errors } = await importBatch(rows, options, tx, dependencies);
  const [error] = errors;
  if (error) throw new TaskFailure("conflict", `A demonstration product cannot be added: ${error.message}`);
  return slugs.length - known.size;
}
