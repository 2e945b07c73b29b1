import type { Tx } from "../../../mixins/database/database.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import type { References } from "../data/batch-repository.ts";
import { concernsAttributes } from "../domain/import-details.ts";
import type { ImportPlan } from "../domain/import-plan.ts";
import { planImport } from "../domain/import-plan.ts";
import type { ImportRow } from "../domain/import-row.ts";
import { publishChanges } from "./publish-changes.ts";

export interface BatchOptions {
  /** Whether the importing user may receive stock; a list: only of these merchants. */
  readonly mayReceive: boolean | readonly string[];
  /** Merchants that the importing user works for; undefined for staff. */
  readonly among?: readonly string[] | undefined;
  /** Recorded with stock movements. */
  readonly actor: string;
  /** True for a language other than the default that rows may have texts in. */
  readonly isTranslated: (locale: string) => boolean;
}

/**
 * Imports rows, with a constant number of statements.
 *
 * @throws BatchConflict when a concurrent change took a slug or a SKU; then roll back and retry
 */
export async function importBatch(
  rows: readonly ImportRow[],
  { mayReceive, among, actor, isTranslated }: BatchOptions,
  tx: Tx,
  { batches, stock }: CatalogDependencies,
): Promise<ImportPlan> {
  const known = await batches.lock(referencesOf(rows), tx);
  const now = Date.now();
  const plan = planImport(rows, { ...known, isTranslated }, { now, newId, mayReceive, among });
  await batches.save(plan.products, plan.variants, tx);
  const opening = plan.variants
    .filter(({ before }) => before === undefined)
    .map(({ after }) => [after.id, plan.received.get(after.id) ?? 0] as const);
  await stock.open(new Map(opening), { orderId: null, reason: "import", actor, at: now }, tx);
  publishChanges(plan, tx);
  return plan;
}

function referencesOf(rows: readonly ImportRow[]): References {
  const distinct = (field: "product" | "sku" | "category" | "merchant" | "brand" | "type") => [
    ...new Set(rows.flatMap((row) => row[field] ?? [])),
  ];
  return {
    products: distinct("product"),
    skus: distinct("sku"),
    categories: distinct("category"),
    merchants: distinct("merchant"),
    brands: distinct("brand"),
    types: distinct("type"),
    attributes: rows.some(concernsAttributes),
  };
}
