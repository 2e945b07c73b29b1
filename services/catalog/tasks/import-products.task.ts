import { z } from "zod";
import type { Tx } from "../../../mixins/database/database.ts";
import { id, newId } from "../../contract/ids.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import { task } from "../catalog.dependencies.ts";
import { importMediaTypes } from "../catalog.contract.ts";
import { BatchOvertaken } from "../data/batch-repository.ts";
import { actorText } from "../domain/actor-text.ts";
import type { ImportPlan } from "../domain/import-plan.ts";
import { planImport } from "../domain/import-plan.ts";
import type { ImportRow, RowError } from "../domain/import-row.ts";
import { decimalsOf } from "../domain/price-text.ts";
import { inBatches } from "../import/in-batches.ts";
import { publishChanges } from "../import/publish-changes.ts";
import type { ReadRow } from "../import/read-rows.ts";
import { findRows } from "../import/read-rows.ts";

/** In the embedded shape, everyone else waits while a batch is written. */
const rowsPerBatch = 100;
/** Row errors that are kept; all are counted. */
const errorsKept = 1000;
const triesPerBatch = 5;

const count = z.int().default(0);
const rowError = z.object({ row: z.int(), field: z.string(), code: z.string(), message: z.string() });

/** What an import has come to so far, and what is shown of it in the end. */
const importReport = z.object({
  rows: count,
  created: count,
  updated: count,
  unchanged: count,
  failed: count,
  errors: z.array(rowError).default([]),
});

type Report = z.output<typeof importReport>;

/**
 * Imports an uploaded file. The whole of it is read once before anything is changed, so that a file that breaks off
 * changes nothing; then its rows go in batch by batch.
 */
export const importProducts = task({
  kind: "import-products",
  params: z.strictObject({ fileId: id, mediaType: z.enum(importMediaTypes), mayReceive: z.boolean() }),
  checkpoint: importReport,

  async run({ params, checkpoint, total: known, actor, commit }, dependencies) {
    const { files, currency } = dependencies;
    const decimals = decimalsOf(currency);
    const rows = () => findRows(files.read(params.fileId), params.mediaType);
    const total = known ?? (await lengthOf(rows()));

    let report = checkpoint;
    for await (const found of inBatches(rows(), rowsPerBatch, checkpoint.rows)) {
      const batch = found.map((read) => read(decimals));
      let next = report;
      await untilNotOvertaken(() =>
        commit(async (tx) => {
          const outcome = await importBatch(batch, params.mayReceive, actorText(actor), tx, dependencies);
          next = added(report, batch.length, outcome);
          return { done: next.rows, total, checkpoint: next };
        }),
      );
      report = next;
    }
    return report;
  },
});

type BatchOutcome = Pick<ImportPlan, "outcomes" | "errors">;

async function importBatch(
  batch: readonly ReadRow[],
  mayReceive: boolean,
  actor: string,
  tx: Tx,
  { batches, stock }: CatalogDependencies,
): Promise<BatchOutcome> {
  const rows = batch.filter((row): row is ImportRow => !Array.isArray(row));
  const unreadable = batch.filter((row): row is RowError[] => Array.isArray(row));
  const known = await batches.lock(
    distinct(rows.map((row) => row.product)),
    distinct(rows.map((row) => row.sku)),
    distinct(rows.map((row) => row.category)),
    tx,
  );
  const now = Date.now();
  const plan = planImport(rows, known, { now, newId, mayReceive });
  await batches.save(plan.products, plan.variants, tx);
  const opening = plan.variants
    .filter(({ before }) => before === undefined)
    .map(({ after }) => [after.id, plan.received.get(after.id) ?? 0] as const);
  await stock.open(new Map(opening), { orderId: null, reason: "import", actor, at: now }, tx);
  publishChanges(plan, tx);
  const outcomes = { ...plan.outcomes, failed: plan.outcomes.failed + unreadable.length };
  return { outcomes, errors: [...unreadable.flat(), ...plan.errors].sort((one, other) => one.row - other.row) };
}

/** Whoever was faster has committed, so that the next look finds what they did. */
async function untilNotOvertaken(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof BatchOvertaken) || attempt === triesPerBatch) throw error;
    }
  }
}

function added(sofar: Report, rows: number, { outcomes, errors }: BatchOutcome): Report {
  return {
    rows: sofar.rows + rows,
    created: sofar.created + outcomes.created,
    updated: sofar.updated + outcomes.updated,
    unchanged: sofar.unchanged + outcomes.unchanged,
    failed: sofar.failed + outcomes.failed,
    errors: [...sofar.errors, ...errors].slice(0, errorsKept),
  };
}

async function lengthOf(rows: AsyncIterable<unknown>): Promise<number> {
  const iterator = rows[Symbol.asyncIterator]();
  let length = 0;
  while (!(await iterator.next()).done) length += 1;
  return length;
}

function distinct(values: readonly (string | null | undefined)[]): string[] {
  return [...new Set(values.filter((value) => typeof value === "string"))];
}
