import { z } from "zod";
import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { task } from "../catalog.dependencies.ts";
import type { Locales } from "../../../mixins/locales/locales.ts";
import type { AttributeDefinition } from "../domain/attribute.ts";
import type { ExportedColumns } from "../import/write-rows.ts";
import { toCsv, toNdjson } from "../import/write-rows.ts";
import { decimalsOf } from "../domain/price-text.ts";

const productsPerBatch = 100;

const nilId = "00000000-0000-0000-0000-000000000000";

/** Exports all products in order of creation. Not a snapshot: concurrent changes may be included. */
export const exportProducts = task({
  kind: "export-products",
  params: z.strictObject({
    format: z.enum(["csv", "ndjson"]),
    /** Merchants whose products are exported; all products when absent. */
    merchants: z.array(id).optional(),
  }),
  checkpoint: z.object({
    fileId: id.optional(),
    after: id.default(nilId),
    products: z.int().default(0),
    rows: z.int().default(0),
    /** As in the header, whatever is added meanwhile. */
    columns: z
      .object({
        locales: z.array(z.string()),
        attributes: z.array(z.string()),
        localized: z.array(z.string()).default([]),
      })
      .optional(),
  }),

  async run(
    { taskId, params, checkpoint, total: known, commit },
    { exported, attributes, files, locales, imagePresenter, currency },
  ) {
    const total = known ?? (await exported.count(params.merchants));
    const decimals = decimalsOf(currency);
    const imageUrl = (image: StoredImage) => imagePresenter.image(image).urls.zoom.jpeg;
    const columns = checkpoint.columns ?? columnsOf(await attributes.all(), locales);
    let written = checkpoint;
    for (let last = false; !last;) {
      const batch = await exported.after(written.after, productsPerBatch, params.merchants);
      last = batch.length < productsPerBatch;
      const isFirst = written.fileId === undefined;
      const { text, rows } =
        params.format === "csv"
          ? toCsv(batch, decimals, columns, imageUrl, isFirst)
          : toNdjson(batch, columns, imageUrl);
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
          columns,
        };
        return { done: next.products, total: Math.max(total, next.products), checkpoint: next };
      });
      written = next;
    }
    return { format: params.format, products: written.products, rows: written.rows };
  },
});

function columnsOf(attributes: readonly AttributeDefinition[], locales: Locales): ExportedColumns {
  return {
    locales: locales.all.filter((locale) => locale !== locales.default),
    attributes: attributes.map(({ code }) => code),
    localized: attributes.filter(({ localized }) => localized).map(({ code }) => code),
  };
}
