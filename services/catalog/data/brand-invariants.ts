import type { Invariant } from "../../../mixins/database/invariant.ts";
import { notListed } from "../../../mixins/database/invariant.ts";

/** Tables of what has a slug. */
const tables = {
  product: "products",
  category: "categories",
  brand: "brands",
  collection: "collections",
} as const;

/** Conditions of wrong rows of the slug history (alias `h`), one for each entity. */
const wrongHistory = Object.entries(tables).map(
  ([entity, table]) => `(h.entity = '${entity}' AND (EXISTS (SELECT 1 FROM ${table} s WHERE s.slug = h.slug)
    OR NOT EXISTS (SELECT 1 FROM ${table} t WHERE t.id = h.entity_id)))`,
);

/** Invariants of brands and of former slugs. */
export const brandInvariants: readonly Invariant[] = [
  {
    code: "products.brands",
    says: "Every product's brand exists",
    subject: { table: "products", key: "id" },
    broken: `SELECT p.slug, p.id AS productId, p.brand_id AS brandId
             FROM products p LEFT JOIN brands b ON b.id = p.brand_id
             WHERE {page p.id} AND p.brand_id IS NOT NULL AND b.id IS NULL`,
  },
  {
    code: "slugs.history",
    says: "Every former slug leads to something that exists, and is not in use",
    subject: { table: "slug_history", key: "entity_id" },
    broken: `SELECT h.slug, h.entity, h.entity_id AS entityId FROM slug_history h
             WHERE {page h.entity_id} AND (${notListed("h.entity", Object.keys(tables))}
               OR ${wrongHistory.join(" OR ")})`,
  },
];
