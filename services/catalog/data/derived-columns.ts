import type { Database, Tx } from "../../../mixins/database/database.ts";
import { updateRows } from "../../../mixins/database/query/update-rows.ts";
import { selectWhereIn } from "./batch-statements.ts";
import { refreshMembership, ruledCollections } from "./collection-membership.ts";
import { replaceFacets } from "./facets/facet-index.ts";
import type { ProductRow } from "./product-row.ts";
import { productColumns, productFromRow } from "./product-row.ts";
import { SearchIndex, searchableOf } from "./search/search-index.ts";

interface DerivingVariant {
  readonly product_id: string;
  readonly id: string;
  readonly sku: string;
  readonly price: number;
  readonly options: string;
}

/**
 * Refreshes what is derived from products and their variants: lowest price, cheapest variant, number of
 * variants, search terms, facets and collections by rule. Part of every transaction that changes either. Takes the same number of
 * statements for one product as for a batch.
 */
export async function refreshDerivedColumns(
  database: Database,
  productIds: readonly string[],
  tx: Tx,
): Promise<void> {
  const products = await selectWhereIn<ProductRow>(
    database,
    `SELECT ${productColumns.join(", ")} FROM products WHERE id IN (?)`,
    [productIds],
    tx,
  );
  const variants = await selectWhereIn<DerivingVariant>(
    database,
    "SELECT product_id, id, sku, price, options FROM variants WHERE product_id IN (?) ORDER BY price, id",
    [productIds],
    tx,
  );
  const byProduct = Map.groupBy(variants, (variant) => variant.product_id);
  const derived = products.map(({ id }) => {
    const its = byProduct.get(id) ?? [];
    return {
      id,
      price_from: its[0]?.price ?? 0,
      cheapest_variant_id: its[0]?.id ?? null,
      variant_count: its.length,
    };
  });
  await updateRows(database, "products", derived, tx);

  const wholes = products.map((row) => ({
    ...productFromRow(row),
    priceFrom: byProduct.get(row.id)?.[0]?.price ?? null,
  }));
  await replaceFacets(database, wholes, tx);
  await refreshMembership(database, wholes, await ruledCollections(database, tx), tx);
  await new SearchIndex(database).write(
    new Map(wholes.map((product) => [product.id, searchableOf(product, byProduct.get(product.id) ?? [])])),
    tx,
  );
}
