import type { Database } from "../../../../mixins/database/database.ts";
import type { Invariant, Scope, ViolatingRow } from "../../../../mixins/database/invariant.ts";
import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import { nameKey } from "../../../../mixins/contract/name-key.ts";
import { productFromRow } from "../product-row.ts";
import type { ProductRow } from "../product-row.ts";
import {
  candidateRow,
  documentRow,
  indexed,
  searchableOf,
  strongTier,
  unpacked,
  weakTier,
} from "./search-index.ts";

const products = { table: "products", key: "id", rowsPerPage: 500 } as const;

/** Invariants of the search index. */
export const searchInvariants: readonly Invariant[] = [
  {
    code: "products.found",
    says: "Every product is found by all terms that the search index has of it, and sorted by its name",
    subject: products,
    broken: { inPage: misfiled },
  },
  {
    code: "products.indexed",
    says: "Every product is indexed as it is; a job repairs what an earlier version's node changed",
    severity: "warning",
    subject: products,
    broken: { inPage: misindexed },
  },
];

interface DocumentRow {
  readonly id: number;
  readonly product_id: string;
  readonly terms: string;
}

/** Postings per statement; the servers' range optimizer handles as many. */
const postingsPerStatement = 5000;

/** Products without an index row, with missing postings, or with a wrong sort key; index rows of no product. */
async function misfiled(database: Database, scope: Scope): Promise<ViolatingRow[]> {
  const ofProduct = scopeCondition("p.id", scope);
  const ofDocument = scopeCondition("d.product_id", scope);
  const ofCandidate = scopeCondition("c.product_id", scope);
  const rows = await database.select<{
    productId: string;
    slug: string | null;
    name: string | null;
    key: string | null;
    id: number | null;
    terms: string | null;
  }>(
    `SELECT p.id AS productId, p.slug, p.name, p.name_key AS \`key\`, d.id, d.terms FROM products p
       LEFT JOIN search_documents d ON d.product_id = p.id WHERE ${ofProduct.sql}
     UNION ALL SELECT d.product_id, NULL, NULL, NULL, d.id, d.terms FROM search_documents d
       LEFT JOIN products p ON p.id = d.product_id WHERE ${ofDocument.sql} AND p.id IS NULL
     UNION ALL SELECT c.product_id, NULL, NULL, NULL, c.doc, NULL FROM search_candidates c
       LEFT JOIN products p ON p.id = c.product_id WHERE ${ofCandidate.sql} AND p.id IS NULL`,
    [...ofProduct.values, ...ofDocument.values, ...ofCandidate.values],
  );
  const present = await presentPostings(
    database,
    rows.flatMap(({ id, terms }) => (id === null || terms === null ? [] : [{ id, terms }])),
  );
  return rows.flatMap(({ productId, slug, name, key, id, terms }) => {
    const wanted = terms === null ? [] : [...unpacked(terms)];
    const there = id === null ? undefined : present.get(id);
    const isFiled = wanted.every(([term, code]) => there?.has(`${term} ${code}`));
    if (name !== null && key === nameKey(name) && (id === null || isFiled)) return [];
    return [{ slug, productId, name, nameKey: key, terms: wanted.length, found: there?.size ?? 0 }];
  });
}

/** The postings of documents that exist, as term and code. */
async function presentPostings(
  database: Database,
  documents: readonly Pick<DocumentRow, "id" | "terms">[],
): Promise<ReadonlyMap<number, Set<string>>> {
  const wanted = documents.flatMap(({ id, terms }) =>
    [...unpacked(terms)].map(([term, code]) => [term, code > 0 ? strongTier : weakTier, id] as const),
  );
  const present = new Map<number, Set<string>>();
  for (let from = 0; from < wanted.length; from += postingsPerStatement) {
    const some = wanted.slice(from, from + postingsPerStatement);
    const keys = some.map(() => "(?, ?, ?)").join(", ");
    const rows = await database.select<{ term: string; tier: number; doc: number; weight: number }>(
      `SELECT term, tier, doc, weight FROM search_postings
       WHERE (term, tier, doc) IN (${database.engine === "sqlite" ? "VALUES " : ""}${keys})`,
      some.flat(),
    );
    for (const { term, tier, doc, weight } of rows) {
      const its = present.get(doc) ?? new Set();
      present.set(doc, its.add(`${term} ${tier === strongTier ? weight : -weight}`));
    }
  }
  return present;
}

/** Products whose index rows are missing, or are not those of their present texts and belongings. */
async function misindexed(database: Database, scope: Scope): Promise<ViolatingRow[]> {
  const ofProduct = scopeCondition("p.id", scope);
  const ofVariant = scopeCondition("product_id", scope);
  const rows = await database.select<ProductRow & StoredRows>(
    `SELECT p.*, d.id AS doc, d.terms, c.status AS c_status, c.category_id AS c_category, c.brand_id AS c_brand,
       c.terms AS c_terms FROM products p LEFT JOIN search_documents d ON d.product_id = p.id
     LEFT JOIN search_candidates c ON c.doc = d.id WHERE ${ofProduct.sql}`,
    ofProduct.values,
  );
  const variants = await database.select<{ product_id: string; sku: string; options: string }>(
    `SELECT product_id, sku, options FROM variants WHERE ${ofVariant.sql}`,
    ofVariant.values,
  );
  // Another invariant covers unreadable options.
  const readable = variants.map((row) => ({ ...row, options: isJson(row.options) ? row.options : "{}" }));
  const byProduct = Map.groupBy(readable, (variant) => variant.product_id);
  return rows.flatMap((row) => {
    const searchable = searchableOf(productFromRow(row), byProduct.get(row.id) ?? []);
    const wanted = indexed(row.id, searchable);
    const { status, category_id, brand_id, terms } = candidateRow(row.doc ?? 0, wanted);
    const isRight =
      row.terms === documentRow(wanted).terms &&
      row.c_status === status &&
      row.c_category === category_id &&
      row.c_brand === brand_id &&
      row.c_terms === terms;
    return isRight ? [] : [{ slug: row.slug, productId: row.id, name: row.name }];
  });
}

/** Of a product in `search_documents` and `search_candidates`. */
interface StoredRows {
  readonly doc: number | null;
  readonly terms: string | null;
  readonly c_status: string | null;
  readonly c_category: string | null;
  readonly c_brand: string | null;
  readonly c_terms: string | null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
