import { z } from "zod";
import { id } from "../../../mixins/contract/ids.ts";
import { audit } from "../audit.contract.ts";
import { task } from "../audit.dependencies.ts";
import { filterOf } from "../filter.ts";
import { toCsv, toNdjson } from "../format-entries.ts";

const entriesPerBatch = 500;

/** Exports the entries that match the filter and were recorded before the start, in chain order. */
export const exportTrail = task({
  kind: "export-audit-trail",
  params: audit.actions["exports.start"].params,
  checkpoint: z.object({
    fileId: id.optional(),
    after: z.int().default(-1),
    upTo: z.int().optional(),
    entries: z.int().default(0),
  }),

  async run({ taskId, params, checkpoint, commit }, { trail, chain, files }) {
    const upTo = checkpoint.upTo ?? (await chain.lastPosition()) ?? -1;
    let written = checkpoint;
    for (let last = false; !last;) {
      const batch = await trail.after(written.after, upTo, filterOf(params), entriesPerBatch);
      last = batch.length < entriesPerBatch;
      const isFirst = written.fileId === undefined;
      const text = params.format === "csv" ? toCsv(batch, isFirst) : toNdjson(batch);
      let next = written;
      await commit(async (tx) => {
        const now = Date.now();
        const fileId = written.fileId ?? (await files.create("result", taskId, now, tx));
        if (text !== "" || isFirst) await files.append(fileId, text, now, tx);
        const entries = written.entries + batch.length;
        next = { fileId, upTo, after: batch.at(-1)?.position ?? written.after, entries };
        return { done: entries, checkpoint: next };
      });
      written = next;
    }
    return { format: params.format, entries: written.entries };
  },
});
