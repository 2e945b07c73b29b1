import { z } from "zod";
import { id } from "../../contract/ids.ts";
import { task } from "../catalog.dependencies.ts";
import { toCsv, toNdjson } from "../import/write-rows.ts";
import { decimalsOf } from "../domain/price-text.ts";

const productsPerBatch = 100;

const nobody = "00000000-0000-0000-0000-000000000000";

/**
 * Writes all products into a file, in the order of their making. It is no snapshot of one moment: what changes meanwhile is
 * written as it was when its turn came.
 */
export const exportProducts = task({
  kind: "export-products",
  params: z.strictObject({ format: z.enum(["csv", "ndjson"]) }),
  checkpoint: z.object({
    fileId: id.optional(),
    after: id.default(nobody),
    products: z.int().default(0),
    rows: z.int().default(0),
  }),

  async run({ taskId, params, checkpoint, total: known, commit }, { batches, files, currency }) {
    const total = known ?? (await batches.count());
    const decimals = decimalsOf(currency);
    let written = checkpoint;
    for (let last = false; !last; ) {
      const batch = await batches.after(written.after, productsPerBatch);
      last = batch.length < productsPerBatch;
      const isFirst = written.fileId === undefined;
      const { text, rows } = params.format === "csv" ? toCsv(batch, decimals, isFirst) : toNdjson(batch);
      let next = written;
      await commit(async (tx) => {
        const now = Date.now();
        const fileId = written.fileId ?? (await files.create("result", taskId, now, tx));
        if (text !== "" || isFirst) await files.append(fileId, text, now, tx);
        next = {
          fileId,
          after: batch.at(-1)?.id ?? written.after,
          products: written.products + batch.length,
          rows: written.rows + rows,
        };
        return { done: next.products, total: Math.max(total, next.products), checkpoint: next };
      });
      written = next;
    }
    return { format: params.format, products: written.products, rows: written.rows };
  },
});
