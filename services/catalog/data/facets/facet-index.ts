import type { Database, Tx } from "../../../../mixins/database/database.ts";
import { insertRows } from "../../../../mixins/database/query/insert-rows.ts";
import { facetRowsOf } from "../../domain/facet-rows.ts";
import type { Product } from "../../domain/product.ts";
import { selectWhereIn } from "../batch-statements.ts";

/** Writes the facets of products whose stored ones differ, in the same number of statements for any number. */
export async function replaceFacets(database: Database, products: readonly Product[], tx: Tx): Promise<void> {
  const stored = await selectWhereIn<{ product_id: string; facet: string; value: string }>(
    database,
    "SELECT product_id, facet, value FROM product_facets WHERE product_id IN (?)",
    [products.map(({ id }) => id)],
    tx,
  );
  const byProduct = Map.groupBy(stored, (row) => row.product_id);
  const differing = products
    .map((product) => ({ id: product.id, rows: facetRowsOf(product) }))
    .filter(({ id, rows }) => facetKeys(rows) !== facetKeys(byProduct.get(id) ?? []));
  const obsolete = differing.map(({ id }) => id).filter((id) => byProduct.has(id));
  if (obsolete.length > 0)
    await database.execute("DELETE FROM product_facets WHERE product_id IN (?)", [obsolete], tx);
  const wanted = differing.flatMap(({ id, rows }) => rows.map((row) => ({ product_id: id, ...row })));
  await insertRows(database, "product_facets", wanted, tx);
}

/** Equal for equal sets of facets. */
export function facetKeys(rows: readonly { readonly facet: string; readonly value: string }[]): string {
  return JSON.stringify(rows.map(({ facet, value }) => `${facet} ${value}`).sort());
}
