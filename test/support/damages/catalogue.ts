import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage } from "../damage.ts";
import { insert, spoil } from "../damage.ts";

const catalog = (find: string, statement: string, also?: readonly string[]) =>
  spoil("catalog", find, statement, also);
const mug = "SELECT id, slug AS named FROM products WHERE slug = 'blue-mug'";
const small = "SELECT id, sku AS named FROM variants WHERE sku = 'MUG-S'";
const large = "SELECT id, sku AS named FROM variants WHERE sku = 'MUG-L'";
const mugs = "SELECT id, slug AS named FROM categories WHERE slug = 'mugs'";
const lost = newId();

/** Damages to the catalogue, its stock and its reservations. */
export const damagesOfCatalogue: Readonly<Record<string, Damage>> = {
  "categories.tree: another path": catalog(mugs, "UPDATE categories SET path = 'mugs/' WHERE id = ?"),
  "categories.tree: another depth": catalog(mugs, "UPDATE categories SET depth = 3 WHERE id = ?"),
  "categories.tree: a parent that is not there": catalog(
    mugs,
    `UPDATE categories SET parent_id = '${lost}' WHERE id = ?`,
    ["audit.catalogue"],
  ),
  "categories.tree: its own parent": catalog(mugs, "UPDATE categories SET parent_id = id WHERE id = ?", [
    "audit.catalogue",
  ]),
  "categories.sorted: by another name": catalog(mugs, "UPDATE categories SET name_key = 'zzz' WHERE id = ?"),
  "products.categories: in none that exists": catalog(
    mug,
    `UPDATE products SET category_id = '${lost}' WHERE id = ?`,
    ["audit.catalogue", "products.indexed"],
  ),
  "products.categories: in an unknown status": catalog(
    mug,
    "UPDATE products SET status = 'lost' WHERE id = ?",
    ["audit.catalogue", "products.indexed"],
  ),
  "products.categories: changed before it was made": catalog(
    mug,
    "UPDATE products SET updated_at = 1 WHERE id = ?",
  ),
  "products.brands: of none that exists": catalog(
    mug,
    `UPDATE products SET brand_id = '${lost}' WHERE id = ?`,
    ["audit.catalogue", "products.facets", "products.indexed"],
  ),
  "slugs.history: of a product that is gone": insert(
    "catalog",
    "slug_history",
    { entity: "product", slug: "red-mug", entity_id: lost },
    lost,
  ),
  "slugs.history: of a slug in use": spoil(
    "catalog",
    mug,
    "INSERT INTO slug_history (entity, slug, entity_id) SELECT 'product', slug, id FROM products WHERE id = ?",
  ),
  "collections.products: of a collection that is gone": catalog(
    "SELECT id FROM products WHERE slug = 'blue-mug'",
    `INSERT INTO collection_products (collection_id, product_id, position) SELECT '${lost}', id, 0 FROM products WHERE id = ?`,
  ),
  "products.related: to itself": catalog(
    "SELECT id FROM products WHERE slug = 'blue-mug'",
    "INSERT INTO related_products (product_id, related_id, position) SELECT id, id, 0 FROM products WHERE id = ?",
  ),
  "collections.rules: a product that matches is missing": {
    ...catalog(
      mug,
      `INSERT INTO collections (id, slug, name, name_key, description, rule, version, created_at, updated_at)
       SELECT '${lost}', 'dear', 'Dear', 'dear', '', '{"match":"all","conditions":[{"on":"price"}]}', 1, 1, 1
       FROM products WHERE id = ?`,
    ),
    settled: true,
  },
  "products.derived: a wrong lowest price": catalog(mug, "UPDATE products SET price_from = 1 WHERE id = ?"),
  "products.derived: a wrong count": catalog(mug, "UPDATE products SET variant_count = 7 WHERE id = ?"),
  "products.found: a word is lost": catalog(
    mug,
    "DELETE FROM search_postings WHERE term = 'blue' AND doc = (SELECT id FROM search_documents WHERE product_id = ?)",
  ),
  "products.found: by a word that it does not have": catalog(
    mug,
    "UPDATE search_postings SET term = 'green' WHERE term = 'blue' AND doc = (SELECT id FROM search_documents WHERE product_id = ?)",
  ),
  "products.found: sorted by another name": catalog(mug, "UPDATE products SET name_key = 'zzz' WHERE id = ?"),
  "products.indexed: by texts that it had before": catalog(
    mug,
    "UPDATE search_documents SET terms = '{}' WHERE product_id = ?",
  ),
  "products.indexed: as archived": catalog(
    mug,
    "UPDATE search_candidates SET status = 'archived' WHERE product_id = ?",
  ),
  "products.indexed: without its terms": catalog(
    mug,
    "UPDATE search_candidates SET terms = '' WHERE product_id = ?",
  ),
  "products.found: a candidate of a product that is gone": insert(
    "catalog",
    "search_candidates",
    { doc: 1_000_000, product_id: lost, status: "published", category_id: null, brand_id: null, terms: "" },
    lost,
  ),
  "products.found: words of a product that is gone": insert(
    "catalog",
    "search_documents",
    { product_id: lost, fingerprint: "", terms: '{"ghost":1}' },
    lost,
  ),
  "products.facets: one is lost": catalog(
    mug,
    "DELETE FROM product_facets WHERE facet = 'attr.colour' AND product_id = ?",
  ),
  "products.facets: of a product that is gone": insert(
    "catalog",
    "product_facets",
    { product_id: lost, facet: "tag", value: "ghost", number: null },
    lost,
  ),
  "variants.products: a negative price": catalog(large, "UPDATE variants SET price = -1 WHERE id = ?", [
    "audit.catalogue",
    "products.derived",
  ]),
  "variants.products: of no product": catalog(
    small,
    `UPDATE variants SET product_id = '${lost}' WHERE id = ?`,
    ["audit.catalogue", "products.derived", "products.indexed"],
  ),
  "variants.products: options that cannot be read": catalog(
    small,
    "UPDATE variants SET options = '{size' WHERE id = ?",
    ["audit.catalogue", "products.indexed"],
  ),
  "stock.variants: of a variant that is gone": catalog(
    "SELECT v.id FROM variants v WHERE v.sku = 'MUG-S'",
    "DELETE FROM variants WHERE id = ?",
    ["audit.catalogue", "products.derived", "products.indexed"],
  ),
  "stock.movements: for an order that never was": catalog(
    "SELECT id FROM stock_movements WHERE kind = 'sell' ORDER BY id",
    `UPDATE stock_movements SET order_id = '${lost}' WHERE id = ?`,
  ),
  "stock.movements: sold to nobody": catalog(
    "SELECT id FROM stock_movements WHERE kind = 'sell' ORDER BY id",
    "UPDATE stock_movements SET order_id = NULL WHERE id = ?",
  ),
  "stock.movements: of an unknown kind": insert(
    "catalog",
    "stock_movements",
    { id: newId(), variant_id: lost, kind: "eaten", quantity: 1, actor: "x", created_at: 1 },
    lost,
  ),
  "reservations.lines: in an unknown status": catalog(
    "SELECT order_id AS id FROM reservations WHERE status = 'released'",
    "UPDATE reservations SET status = 'lost' WHERE order_id = ?",
    ["orders.reservations"],
  ),
  "reservations.of-lines: of no reservation": insert(
    "catalog",
    "reservation_lines",
    { order_id: lost, variant_id: newId(), position: 0, quantity: 1, unit_price: 1, returned: 0 },
    lost,
  ),
  "stock.ledger: two accounts are exchanged in it": catalog(
    "SELECT m.id, v.sku AS named FROM stock_movements m JOIN variants v ON v.id = m.variant_id WHERE m.kind = 'receive' ORDER BY m.id",
    "UPDATE stock_movements SET quantity = quantity + 1 WHERE id = ?",
  ),
};
