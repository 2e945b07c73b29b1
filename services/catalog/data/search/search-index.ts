import { createHash } from "node:crypto";
import type { Database, Tx } from "../../../../mixins/database/database.ts";
import { insertRows } from "../../../../mixins/database/query/insert-rows.ts";
import type { Posting, SearchableProduct } from "../../domain/search/index-terms.ts";
import { indexVersion, postingsOf } from "../../domain/search/index-terms.ts";
import { belongingTerm, packTerms } from "../../domain/search/packed-terms.ts";
import type { ProductRow } from "../product-row.ts";
import { productColumns, productFromRow } from "../product-row.ts";
import { searchableProduct } from "../../domain/search/searchable-product.ts";
import type { Product } from "../../domain/product.ts";

interface VariantTexts {
  readonly product_id: string;
  readonly sku: string;
  readonly options: string;
}

type PostingRow = { term: string; tier: number; doc: number; weight: number };

interface DocumentRow {
  readonly id: number;
  readonly product_id: string;
  readonly fingerprint: string;
  readonly terms: string;
}

/** A product with the terms to store. */
interface Indexed {
  readonly productId: string;
  readonly product: SearchableProduct;
  readonly fingerprint: string;
  readonly postings: ReadonlyMap<string, Posting>;
}

/** Postings of strong fields come first in the index. */
export const strongTier = 0;
export const weakTier = 1;

/** Writes the inverted index of products, with a constant number of statements per batch of new ones. */
export class SearchIndex {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Indexes products by id, as part of the transaction that changes them. Unchanged ones cost one row read. */
  async write(products: ReadonlyMap<string, SearchableProduct>, tx: Tx): Promise<void> {
    if (products.size === 0) return;
    const known = await this.#documents([...products.keys()], tx);
    const changed = [...products].flatMap(([productId, product]): Indexed[] => {
      const fingerprint = fingerprintOf(product);
      if (known.get(productId)?.fingerprint === fingerprint) return [];
      return [indexed(productId, product)];
    });
    if (changed.length === 0) return;
    const missing = changed.filter(({ productId }) => !known.has(productId));
    await insertRows(this.#database, "search_documents", missing.map(documentRow), tx);
    const added = await this.#documents(
      missing.map(({ productId }) => productId),
      tx,
    );
    const inserted: PostingRow[] = [];
    const candidates: ReturnType<typeof candidateRow>[] = [];
    for (const product of changed) {
      const before = known.get(product.productId);
      const id = before?.id ?? added.get(product.productId)?.id;
      if (id === undefined) continue;
      candidates.push(candidateRow(id, product));
      const stored = before ? unpacked(before.terms) : new Map<string, number>();
      const wanted = postingRows(id, product);
      if (before) {
        const codes = new Map([...product.postings].map(([term, posting]) => [term, codeOf(posting)]));
        await this.#removePostings(
          id,
          [...stored].filter(([term, code]) => codes.get(term) !== code),
          tx,
        );
        await this.#database.execute(
          "UPDATE search_documents SET fingerprint = ?, terms = ? WHERE id = ?",
          [product.fingerprint, packed(product.postings), id],
          tx,
        );
      }
      inserted.push(
        ...wanted.filter(
          ({ term, tier, weight }) => stored.get(term) !== (tier === strongTier ? weight : -weight),
        ),
      );
    }
    // In the order of the index, which makes a batch several times faster.
    inserted.sort((a, b) => (a.term < b.term ? -1 : 1));
    await insertRows(this.#database, "search_postings", inserted, tx);
    await this.#replaceCandidates(candidates, [...known.values()], tx);
    await this.#learnWords(changed, tx);
  }

  async remove(productId: string, tx: Tx): Promise<void> {
    for (const { id, terms } of (await this.#documents([productId], tx)).values()) {
      await this.#removePostings(id, [...unpacked(terms)], tx);
      await this.#database.execute("DELETE FROM search_candidates WHERE doc = ?", [id], tx);
      await this.#database.execute("DELETE FROM search_documents WHERE id = ?", [id], tx);
    }
  }

  async #replaceCandidates(
    rows: readonly ReturnType<typeof candidateRow>[],
    known: readonly Pick<DocumentRow, "id">[],
    tx: Tx,
  ): Promise<void> {
    const before = new Set(known.map(({ id }) => id));
    const replaced = rows.map(({ doc }) => doc).filter((doc) => before.has(doc));
    if (replaced.length > 0)
      await this.#database.execute("DELETE FROM search_candidates WHERE doc IN (?)", [replaced], tx);
    await insertRows(this.#database, "search_candidates", rows, tx);
  }

  /**
   * Scans the next products by id for those whose terms are not those of their texts.
   *
   * @returns their ids and the last product scanned; undefined at the end
   */
  async misindexed(after: string, limit: number): Promise<{ ids: string[]; last: string | undefined }> {
    const rows = await this.#database.select<ProductRow & { fingerprint: string | null }>(
      `SELECT ${productColumns.map((column) => `p.${column}`).join(", ")}, d.fingerprint FROM products p
       LEFT JOIN search_documents d ON d.product_id = p.id WHERE p.id > ? ORDER BY p.id LIMIT ?`,
      [after, limit],
    );
    const last = rows.at(-1)?.id;
    if (last === undefined) return { ids: [], last };
    const variants = await this.#database.select<VariantTexts>(
      "SELECT product_id, sku, options FROM variants WHERE product_id > ? AND product_id <= ?",
      [after, last],
    );
    const byProduct = Map.groupBy(variants, (variant) => variant.product_id);
    const wrong = rows.filter(
      (row) =>
        row.fingerprint !== fingerprintOf(searchableOf(productFromRow(row), byProduct.get(row.id) ?? [])),
    );
    return { ids: wrong.map(({ id }) => id), last };
  }

  async #documents(productIds: readonly string[], tx: Tx): Promise<ReadonlyMap<string, DocumentRow>> {
    if (productIds.length === 0) return new Map();
    const rows = await this.#database.select<DocumentRow>(
      "SELECT id, product_id, fingerprint, terms FROM search_documents WHERE product_id IN (?)",
      [productIds],
      tx,
    );
    return new Map(rows.map((row) => [row.product_id, row]));
  }

  async #removePostings(id: number, terms: readonly (readonly [string, number])[], tx: Tx): Promise<void> {
    if (terms.length === 0) return;
    await this.#database.execute(
      "DELETE FROM search_postings WHERE term IN (?) AND tier IN (?) AND doc = ?",
      [terms.map(([term]) => term), [strongTier, weakTier], id],
      tx,
    );
  }

  /** Adds new words to the vocabulary; in order, so that concurrent writers wait instead of deadlocking. */
  async #learnWords(products: readonly Indexed[], tx: Tx): Promise<void> {
    const sorted = wordsOf(products);
    if (sorted.length === 0) return;
    const rows = await this.#database.select<{ word: string }>(
      "SELECT word FROM search_words WHERE word IN (?)",
      [sorted],
      tx,
    );
    const known = new Set(rows.map(({ word }) => word));
    const unknown = sorted.filter((word) => !known.has(word)).map((word) => ({ word }));
    await insertRows(this.#database, "search_words", unknown, tx, { unlessKnown: true });
  }
}

/** Changes with everything that a product's terms are made of. */
export function fingerprintOf(product: SearchableProduct): string {
  return createHash("sha1")
    .update(JSON.stringify([indexVersion, product]))
    .digest("base64url");
}

/** What a product is found by, from rows of its variants. */
export function searchableOf(
  product: Product,
  variants: readonly { readonly sku: string; readonly options: string }[],
): SearchableProduct {
  return searchableProduct(
    product,
    variants.map(({ sku, options }) => ({ sku, options: JSON.parse(options) as Record<string, string> })),
  );
}

/** What the index stores of a product. */
export function indexed(productId: string, product: SearchableProduct): Indexed {
  return { productId, product, fingerprint: fingerprintOf(product), postings: postingsOf(product) };
}

/** A row of `search_documents`; the database numbers it. */
export function documentRow({ productId, fingerprint, postings }: Indexed) {
  return { product_id: productId, fingerprint, terms: packed(postings) };
}

/** What searches compare of a product. */
interface Candidate extends Pick<Indexed, "productId"> {
  readonly product: Pick<SearchableProduct, "status" | "categoryId" | "brandId" | "belongings">;
  readonly postings: ReadonlyMap<string, Pick<Posting, "weight">>;
}

/** A row of `search_candidates`. */
export function candidateRow(doc: number, { productId, product, postings }: Candidate) {
  const { status, categoryId, brandId, belongings } = product;
  const weights = new Map([...postings].map(([term, { weight }]) => [term, weight]));
  for (const term of belongings) weights.set(term, 1);
  if (categoryId !== null) weights.set(belongingTerm("category", categoryId), 1);
  if (brandId !== null) weights.set(belongingTerm("brand", brandId), 1);
  return {
    doc,
    product_id: productId,
    status,
    category_id: categoryId,
    brand_id: brandId,
    terms: packTerms(weights),
  };
}

/** Rows of `search_postings`. */
export function postingRows(doc: number, { postings }: Indexed): PostingRow[] {
  return [...postings].map(([term, { strong, weight }]) => ({
    term,
    tier: strong ? strongTier : weakTier,
    doc,
    weight,
  }));
}

/** Words for the vocabulary, in order. */
export function wordsOf(products: readonly Indexed[]): string[] {
  const words = new Set<string>();
  for (const { postings } of products)
    for (const [term, { isWord }] of postings) if (isWord && /\p{L}/u.test(term)) words.add(term);
  return [...words].toSorted();
}

/** A posting as one number: negative in the weak tier. */
function codeOf({ weight, strong }: Posting): number {
  return strong ? weight : -weight;
}

function packed(postings: ReadonlyMap<string, Posting>): string {
  return JSON.stringify(Object.fromEntries([...postings].map(([term, posting]) => [term, codeOf(posting)])));
}

/** The stored terms of a document with their codes. */
export function unpacked(terms: string): ReadonlyMap<string, number> {
  return new Map(Object.entries(JSON.parse(terms) as Record<string, number>));
}
