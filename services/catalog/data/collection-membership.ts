import type { Database, Tx } from "../../../mixins/database/database.ts";
import { insertRows } from "../../../mixins/database/query/insert-rows.ts";
import type { CollectionRule } from "../domain/collection-rule.ts";
import { categoriesOf, matchesRule } from "../domain/collection-rule.ts";
import type { Product } from "../domain/product.ts";
import { selectWhereIn } from "./batch-statements.ts";

/** A collection by rule. */
export interface RuledCollection {
  readonly id: string;
  readonly rule: CollectionRule;
}

/** A product with what rules know of it. */
export type RuledProduct = Pick<
  Product,
  "id" | "categoryId" | "brandId" | "tags" | "attributes" | "createdAt"
> & {
  /** Null without variants. */
  readonly priceFrom: number | null;
};

type Member = { collection_id: string; product_id: string };

/** All collections by rule; their number is limited. */
export async function ruledCollections(database: Database, tx?: Tx): Promise<RuledCollection[]> {
  const rows = await database.select<{ id: string; rule: string }>(
    "SELECT id, rule FROM collections WHERE rule IS NOT NULL ORDER BY id",
    [],
    tx,
  );
  return rows.map(({ id, rule }) => ({ id, rule: JSON.parse(rule) as CollectionRule }));
}

/**
 * Puts products into exactly the given collections by rule that they match. Part of every transaction that
 * changes a product or its variants, all of whose rows it has locked: so a concurrent change of a rule is
 * seen either here or by the rebuilding that follows it.
 */
export async function refreshMembership(
  database: Database,
  products: readonly RuledProduct[],
  collections: readonly RuledCollection[],
  tx: Tx,
): Promise<void> {
  if (collections.length === 0 || products.length === 0) return;
  const wanted = await membersByRule(database, products, collections, tx);
  const rows = await database.select<Member>(
    "SELECT collection_id, product_id FROM collection_products WHERE product_id IN (?) AND collection_id IN (?)",
    [products.map(({ id }) => id), collections.map(({ id }) => id)],
    tx,
  );
  const needed = new Set(wanted.map(keyOf));
  const obsolete = rows.filter((row) => !needed.has(keyOf(row)));
  for (const [collectionId, members] of Map.groupBy(obsolete, (row) => row.collection_id))
    await database.execute(
      "DELETE FROM collection_products WHERE collection_id = ? AND product_id IN (?)",
      [collectionId, members.map((row) => row.product_id)],
      tx,
    );
  const present = new Set(rows.map(keyOf));
  const missing = wanted.filter((row) => !present.has(keyOf(row)));
  await insertMembers(database, missing, products, tx);
}

/** The memberships that the rules say, whatever is stored. */
export async function membersByRule(
  database: Database,
  products: readonly RuledProduct[],
  collections: readonly RuledCollection[],
  tx?: Tx,
): Promise<Member[]> {
  const ofRules = categoriesOf(collections.map(({ rule }) => rule));
  const ofProducts = products.flatMap(({ categoryId }) => (categoryId === null ? [] : [categoryId]));
  const categories = await selectWhereIn<{ id: string; path: string }>(
    database,
    "SELECT id, path FROM categories WHERE id IN (?)",
    [ofRules.length === 0 ? [] : [...new Set([...ofRules, ...ofProducts])]],
    tx,
  );
  const paths = new Map(categories.map(({ id, path }) => [id, path]));
  return products.flatMap((product) => {
    const { categoryId } = product;
    const subject = {
      ...product,
      categoryPath: categoryId === null ? null : (paths.get(categoryId) ?? null),
    };
    return collections
      .filter(({ rule }) => matchesRule(rule, subject, paths))
      .map(({ id }) => ({ collection_id: id, product_id: product.id }));
  });
}

/** Locks the collections, so that none is removed meanwhile. */
async function insertMembers(
  database: Database,
  members: readonly Member[],
  products: readonly RuledProduct[],
  tx: Tx,
): Promise<void> {
  const there = await selectWhereIn<{ id: string }>(
    database,
    `SELECT id FROM collections WHERE id IN (?) ORDER BY id${database.forUpdate}`,
    [[...new Set(members.map((row) => row.collection_id))]],
    tx,
  );
  const ids = new Set(there.map(({ id }) => id));
  const createdAt = new Map(products.map((product) => [product.id, product.createdAt]));
  const rows = members
    .filter((row) => ids.has(row.collection_id))
    .map((row) => ({ ...row, position: -(createdAt.get(row.product_id) ?? 0) }));
  await insertRows(database, "collection_products", rows, tx);
}

function keyOf(row: Member): string {
  return `${row.collection_id} ${row.product_id}`;
}
