import { actorText } from "../../../mixins/contract/caller.ts";
import { z } from "zod";
import type { Tx } from "../../../mixins/database/database.ts";
import type { TaskContext } from "../../../mixins/tasks/task.ts";
import { id } from "../../../mixins/contract/ids.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import { task } from "../catalog.dependencies.ts";
import { importMediaTypes } from "../catalog.contract.ts";
import { columnAtFault } from "../domain/csv-columns.ts";
import type { ImportPlan } from "../domain/import-plan.ts";
import type { ImportRow, RowError } from "../domain/import-row.ts";
import { decimalsOf } from "../domain/price-text.ts";
import { archivedPictures, queuedImages, queueImages } from "../import/image-queue.ts";
import { importBatch } from "../import/import-batch.ts";
import { importImages } from "../import/import-images.ts";
import type { ImportProgress } from "../import/import-report.ts";
import { importProgress, withImages, withRows } from "../import/import-report.ts";
import { inBatches } from "../import/in-batches.ts";
import type { ReadRow } from "../import/read-rows.ts";
import { findRows } from "../import/read-rows.ts";
import { retryOnConflict } from "../import/retry-on-conflict.ts";

/** Small, since writing a batch blocks the event loop in the embedded shape. */
const rowsPerBatch = 100;
/** Rows whose images are fetched at the same time. */
const fetchedAtOnce = 4;

const importParams = z.strictObject({
  fileId: id,
  mediaType: z.enum(importMediaTypes),
  /** A list of the pictures that came with the rows. */
  picturesId: id.optional(),
  /** Whether stock may be received; a list: only of these merchants. */
  mayReceive: z.union([z.boolean(), z.array(id)]),
  /** Merchants whose products a member may import; absent for staff. */
  merchants: z.array(id).optional(),
});

type Context = TaskContext<z.output<typeof importParams>, ImportProgress>;

/**
 * Imports an uploaded file. Reads all of it before the first change, so a truncated file changes nothing;
 * then imports its rows batch by batch, and after them the images that they name.
 */
export const importProducts = task({
  kind: "import-products",
  params: importParams,
  checkpoint: importProgress,

  async run(context, dependencies) {
    const imported = await importRows(context, dependencies);
    const { queue: _, ...report } = await importQueuedImages(imported, context, dependencies);
    return report;
  },
});

async function importRows(context: Context, dependencies: CatalogDependencies): Promise<ImportProgress> {
  const { taskId, params, checkpoint, total: known, commit } = context;
  const { files, currency } = dependencies;
  const decimals = decimalsOf(currency);
  const rows = () => findRows(files.read(params.fileId), params.mediaType);
  const total = known ?? (await lengthOf(rows()));

  let progress = checkpoint;
  for await (const found of inBatches(rows(), rowsPerBatch, checkpoint.rows)) {
    const batch = found.map((read) => read(decimals));
    let next = progress;
    await retryOnConflict(() =>
      commit(async (tx) => {
        const { wanted, ...outcome } = await importReadable(batch, context, tx, dependencies);
        const queue = await queueImages(wanted, progress.queue, taskId, files, tx);
        next = { ...withRows(progress, batch.length, outcome), queue };
        return { done: next.rows, total, checkpoint: next };
      }),
    );
    progress = next;
  }
  return progress;
}

/** Imports the readable rows of a batch. Errors name the columns of the file. */
async function importReadable(
  batch: readonly ReadRow[],
  { params, actor }: Context,
  tx: Tx,
  dependencies: CatalogDependencies,
): Promise<Pick<ImportPlan, "outcomes" | "errors" | "wanted">> {
  const rows = batch.filter((row): row is ImportRow => !Array.isArray(row));
  const unreadable = batch.filter((row): row is RowError[] => Array.isArray(row));
  const { locales } = dependencies;
  const isTranslated = (locale: string) => locale !== locales.default && locales.all.includes(locale);
  const { mayReceive, merchants: among } = params;
  const options = { mayReceive, among, actor: actorText(actor), isTranslated };
  const { outcomes, wanted, errors } = await importBatch(rows, options, tx, dependencies);
  const all = [...unreadable.flat(), ...errors].sort((one, other) => one.row - other.row);
  return {
    outcomes: { ...outcomes, failed: outcomes.failed + unreadable.length },
    errors:
      params.mediaType === "text/csv" ? all.map((error) => ({ ...error, field: columnAtFault(error) })) : all,
    wanted,
  };
}

/** After the rows: their transactions must not wait for other servers. */
async function importQueuedImages(
  imported: ImportProgress,
  { taskId, params, actor, commit }: Context,
  { files, images }: CatalogDependencies,
): Promise<ImportProgress> {
  const { queue } = imported;
  if (!queue) return imported;
  const archived = await archivedPictures(params.picturesId, files);
  const sources = { archived, images, origin: { actor, requestId: taskId } };
  const total = imported.rows + queue.rows;

  let progress = imported;
  let position = queue;
  for await (const batch of queuedImages(queue, fetchedAtOnce, files)) {
    const outcomes = await Promise.all(batch.map((wanted) => importImages(wanted, sources)));
    progress = withImages(progress, position, outcomes);
    position = progress.queue ?? position;
    const next = { done: progress.rows + position.done, total, checkpoint: progress };
    await commit(() => Promise.resolve(next));
  }
  return progress;
}

async function lengthOf(rows: AsyncIterable<unknown>): Promise<number> {
  const iterator = rows[Symbol.asyncIterator]();
  let length = 0;
  while (!(await iterator.next()).done) length += 1;
  return length;
}
