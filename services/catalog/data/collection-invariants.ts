import type { Database } from "../../../mixins/database/database.ts";
import type { Invariant, Scope, ViolatingRow } from "../../../mixins/database/invariant.ts";
import { scopeCondition } from "../../../mixins/database/invariant.ts";
import { membersByRule, ruledCollections } from "./collection-membership.ts";
import type { ProductRow } from "./product-row.ts";
import { productColumns, productFromRow } from "./product-row.ts";

const members = { table: "collection_products", key: "product_id" } as const;

/** Invariants of collections and of related products. */
export const collectionInvariants: readonly Invariant[] = [
  {
    code: "collections.products",
    says: "Everything in a collection is a product, and the collection exists",
    subject: members,
    broken: `SELECT m.collection_id AS collectionId, m.product_id AS productId
             FROM collection_products m LEFT JOIN products p ON p.id = m.product_id
               LEFT JOIN collections c ON c.id = m.collection_id
             WHERE {page m.product_id} AND (p.id IS NULL OR c.id IS NULL)`,
  },
  {
    code: "products.related",
    says: "Everything that is related to a product is a product, and another one",
    subject: { table: "related_products", key: "product_id" },
    broken: `SELECT r.product_id AS productId, r.related_id AS relatedId
             FROM related_products r LEFT JOIN products p ON p.id = r.product_id
               LEFT JOIN products o ON o.id = r.related_id
             WHERE {page r.product_id} AND (p.id IS NULL OR o.id IS NULL OR r.product_id = r.related_id)`,
  },
  {
    code: "collections.rules",
    says: "Every product is in exactly the collections by rule whose rule it matches",
    whenSettled: true,
    subject: { table: "products", key: "id" },
    broken: { inPage: misplaced },
  },
];

async function misplaced(database: Database, scope: Scope): Promise<ViolatingRow[]> {
  const collections = await ruledCollections(database);
  if (collections.length === 0) return [];
  const { sql, values } = scopeCondition("id", scope);
  const rows = await database.select<ProductRow & { price_from: number; variant_count: number }>(
    `SELECT ${productColumns.join(", ")}, price_from, variant_count FROM products WHERE ${sql}`,
    values,
  );
  const products = rows.map((row) => ({
    ...productFromRow(row),
    priceFrom: row.variant_count === 0 ? null : row.price_from,
  }));
  const byProduct = scopeCondition("m.product_id", scope);
  const stored = await database.select<{ collection_id: string; product_id: string }>(
    `SELECT m.collection_id, m.product_id FROM collection_products m JOIN collections c ON c.id = m.collection_id
     WHERE ${byProduct.sql} AND c.rule IS NOT NULL`,
    byProduct.values,
  );
  const keys = (all: readonly { collection_id: string; product_id: string }[]) =>
    new Map(all.map((row) => [`${row.collection_id} ${row.product_id}`, row]));
  const [wanted, present] = [keys(await membersByRule(database, products, collections)), keys(stored)];
  const slugs = new Map(products.map(({ id, slug }) => [id, slug]));
  const wrong = (from: typeof wanted, other: typeof wanted, differs: string) =>
    [...from].flatMap(([key, { collection_id: collectionId, product_id: productId }]) =>
      other.has(key) ? [] : [{ slug: slugs.get(productId) ?? null, productId, collectionId, differs }],
    );
  return [...wrong(wanted, present, "is missing"), ...wrong(present, wanted, "does not match")];
}
