import type { Invariant } from "../../../mixins/database/invariant.ts";
import { notListed, scopeCondition } from "../../../mixins/database/invariant.ts";
import { facetInvariant } from "./facets/facet-invariant.ts";
import { productStatuses } from "../domain/product-lifecycle.ts";
import { nameKey } from "../../../mixins/contract/name-key.ts";

const products = { table: "products", key: "id" } as const;
const variants = { table: "variants", key: "id" } as const;
const categories = { table: "categories", key: "id" } as const;

/** Invariants of categories, products and variants, and of their derived columns. */
export const catalogueInvariants: readonly Invariant[] = [
  {
    code: "categories.tree",
    says: "Every category's path matches its parent and its slug, and its parent exists",
    subject: categories,
    broken: `SELECT c.slug, c.id AS categoryId, c.parent_id AS parentId, c.path, c.depth, p.path AS pathOfParent
             FROM categories c LEFT JOIN categories p ON p.id = c.parent_id
             WHERE {page c.id} AND (c.slug = '' OR c.version < 1 OR c.updated_at + {graceMs} < c.created_at
               OR (c.parent_id IS NULL AND (c.path <> CONCAT(c.slug, '/') OR c.depth <> 0))
               OR (c.parent_id IS NOT NULL AND (p.id IS NULL OR c.path <> CONCAT(p.path, c.slug, '/') OR c.depth <> p.depth + 1)))`,
  },
  {
    code: "products.categories",
    says: "Every product has a slug and a known status, and its category exists",
    subject: products,
    broken: `SELECT p.slug, p.id AS productId, p.status, p.category_id AS categoryId, p.version
             FROM products p LEFT JOIN categories c ON c.id = p.category_id
             WHERE {page p.id} AND (p.slug = '' OR HEX(p.slug) <> HEX(LOWER(p.slug)) OR p.name = '' OR p.version < 1
               OR ${notListed("p.status", productStatuses)} OR (p.category_id IS NOT NULL AND c.id IS NULL)
               OR p.updated_at + {graceMs} < p.created_at)`,
  },
  {
    code: "products.derived",
    says: "Every product's lowest price, cheapest variant and number of variants are correct",
    subject: products,
    broken: `SELECT p.slug, p.id AS productId, p.price_from AS priceFrom, COALESCE(v.lowest, 0) AS lowestPrice,
               p.variant_count AS variantCount, COALESCE(v.variants, 0) AS variants,
               p.cheapest_variant_id AS cheapestVariantId
             FROM products p LEFT JOIN (
               SELECT product_id, MIN(price) AS lowest, COUNT(*) AS variants FROM variants
               WHERE {page product_id} GROUP BY product_id
             ) v ON v.product_id = p.id
             WHERE {page p.id} AND (p.price_from <> COALESCE(v.lowest, 0) OR p.variant_count <> COALESCE(v.variants, 0)
               OR COALESCE(p.cheapest_variant_id, '') <> COALESCE((SELECT w.id FROM variants w
                 WHERE w.product_id = p.id ORDER BY w.price, w.id LIMIT 1), ''))`,
  },
  facetInvariant,
  {
    code: "merchant-categories.tree",
    says: "Every merchant's category has a known merchant, and a parent of the same merchant or none",
    subject: { table: "merchant_categories", key: "id" },
    broken: `SELECT c.id AS categoryId, c.merchant_id AS merchantId, c.parent_id AS parentId
             FROM merchant_categories c LEFT JOIN merchants e ON e.id = c.merchant_id
               LEFT JOIN merchant_categories p ON p.id = c.parent_id
             WHERE {page c.id} AND (e.id IS NULL OR c.version < 1 OR c.updated_at + {graceMs} < c.created_at
               OR (c.parent_id IS NOT NULL AND (p.id IS NULL OR p.merchant_id <> c.merchant_id)))`,
  },
  {
    code: "merchant-categories.products",
    says: "Every product in a merchant's category is that merchant's",
    subject: { table: "merchant_category_products", key: "product_id" },
    broken: `SELECT n.product_id AS productId, n.category_id AS categoryId
             FROM merchant_category_products n LEFT JOIN products p ON p.id = n.product_id
               LEFT JOIN merchant_categories c ON c.id = n.category_id
             WHERE {page n.product_id} AND (p.id IS NULL OR c.id IS NULL OR p.merchant_id IS NULL
               OR p.merchant_id <> c.merchant_id)`,
  },
  {
    code: "products.merchants",
    says: "Every product of a merchant belongs to one that the catalogue knows",
    subject: products,
    broken: `SELECT p.slug, p.id AS productId, p.merchant_id AS merchantId
             FROM products p LEFT JOIN merchants e ON e.id = p.merchant_id
             WHERE {page p.id} AND p.merchant_id IS NOT NULL AND e.id IS NULL`,
  },
  {
    code: "categories.sorted",
    says: "Every category is sorted by its name",
    subject: categories,
    broken: {
      async inPage(database, scope) {
        const { sql, values } = scopeCondition("id", scope);
        const named = `SELECT slug, id AS categoryId, name, name_key AS nameKey FROM categories WHERE ${sql}`;
        const rows = await database.select<Named>(named, values);
        return rows.filter((row) => row.nameKey !== nameKey(row.name)).map((row) => ({ ...row }));
      },
    },
  },
  {
    code: "variants.products",
    says: "Every variant has a SKU and options, a price and weight that are not negative, and its product exists",
    subject: variants,
    broken: `SELECT v.sku, v.id AS variantId, v.product_id AS productId, v.price, v.weight_grams AS weightGrams
             FROM variants v LEFT JOIN products p ON p.id = v.product_id
             WHERE {page v.id} AND (p.id IS NULL OR v.sku = '' OR v.price < 0 OR v.weight_grams < 0 OR v.version < 1
               OR NOT JSON_VALID(v.options) OR v.options NOT LIKE '{%}' OR v.updated_at + {graceMs} < v.created_at)`,
  },
];

interface Named {
  readonly slug: string;
  readonly name: string;
  readonly nameKey: string;
}
