import type { Database } from "../../../mixins/database/database.ts";
import type { ProductFilter } from "../data/product-filters.ts";
import { namesAround } from "../data/search/search-names.ts";
import { ProductSearch } from "../data/search/product-search.ts";
import type { Counts, KnownWord } from "../data/search/search-vocabulary.ts";
import { SearchVocabulary } from "../data/search/search-vocabulary.ts";
import type { SearchQuery } from "../domain/search/search-query.ts";
import { completeFrom, unspacedTail } from "../domain/search/complete.ts";
import { charactersOf, readSearch } from "../domain/search/search-query.ts";
import { amongIds, havingWord } from "./matching-filters.ts";
import type { Found, SearchEngine } from "./search-engine.ts";
import { nothingFound } from "./search-engine.ts";

/** Share of the words that suffice when no product has all of them. */
const enoughWords = 2 / 3;

/** Found products by whose names a search is completed. */
const namesRead = 100;
const published: Omit<ProductFilter, "matching"> = {
  status: "published",
  category: undefined,
  collectionId: undefined,
  minPrice: undefined,
  maxPrice: undefined,
  inStock: undefined,
  facets: [],
};

/** The search over the catalogue's own index. */
export class BuiltInSearch implements SearchEngine {
  readonly #database: Database;
  readonly #vocabulary: SearchVocabulary;
  readonly #search: ProductSearch;

  constructor(database: Database) {
    this.#database = database;
    this.#vocabulary = new SearchVocabulary(database);
    this.#search = new ProductSearch(database);
  }

  /**
   * Finds the products that match every word. When there are none, one typing error in each unknown word is
   * forgiven; then two thirds of the words suffice; then one that names a category or a type.
   */
  async find(
    search: string,
    narrowed: Omit<ProductFilter, "matching">,
    { exactly = false } = {},
  ): Promise<Found> {
    const filter = { ...narrowed, matching: [] };
    const query = readSearch(search);
    const counted: Counts = new Map();
    const words = await this.#vocabulary.lookUp(query, counted);
    const exact = await this.#matchingAll(query, words, filter);
    if (exactly) return exact ?? nothingFound;
    if (exact && exact.productIds.length > 0) return exact;
    const didYouMean = await this.#vocabulary.correct(query.folded, words.filter(isRequired));
    if (didYouMean !== undefined) {
      const corrected = readSearch(didYouMean);
      const known = await this.#vocabulary.lookUp(corrected, counted);
      const found = await this.#matchingAll(corrected, known, filter);
      if (found && found.productIds.length > 0) return { ...found, didYouMean };
    }
    return this.#matchingMost(query, words, filter, counted);
  }

  /** Two thirds of the words, or one that names a category or a type. */
  async #matchingMost(
    query: SearchQuery,
    words: readonly KnownWord[],
    filter: ProductFilter,
    counted: Counts,
  ): Promise<Found> {
    const pieces = words.flatMap((word) => (word.documents > 0 ? [word] : charactersOf(word)));
    const known =
      pieces.length > words.length ? await this.#vocabulary.lookUp({ words: pieces }, counted) : words;
    const existing = known.filter(({ documents }) => documents > 0);
    const needed = Math.ceil(known.filter(isRequired).length * enoughWords);
    const most = await this.#search.rank(existing, query, filter, needed);
    const ranking =
      most.productIds.length > 0
        ? most
        : await this.#search.rank(existing.filter(namesKind), query, filter, 1);
    return {
      ...ranking,
      matching: [amongIds(ranking.productIds)],
      terms: termsOf(existing),
      didYouMean: undefined,
    };
  }

  async complete(search: string): Promise<string[]> {
    if (unspacedTail(search) === undefined) return this.#vocabulary.longer(readSearch(search));
    const { productIds } = await this.find(search, published);
    const names = await namesAround(this.#database, productIds.slice(0, namesRead));
    return completeFrom(names, search) ?? [];
  }

  /** @returns undefined when no product has one of the words, whatever the filter */
  async #matchingAll(
    query: SearchQuery,
    words: readonly KnownWord[],
    filter: ProductFilter,
  ): Promise<Found | undefined> {
    const required = words.filter(isRequired);
    if (required.some(({ documents }) => documents === 0)) return undefined;
    const ranking = await this.#search.rank(words, query, filter, required.length);
    const matching = required.toSorted((a, b) => a.documents - b.documents).map(havingWord);
    return { ...ranking, matching, terms: termsOf(words), didYouMean: undefined };
  }
}

function isRequired({ optional }: KnownWord): boolean {
  return !optional;
}

/** Whether the word says what kind of product is meant: `toys` of a search for toys that are blue. */
function namesKind({ optional, categories, facets }: KnownWord): boolean {
  return !optional && (categories.size > 0 || facets.some(({ facet }) => facet === "type"));
}

function termsOf(words: readonly KnownWord[]): ReadonlySet<string> {
  return new Set(words.flatMap(({ terms }) => [...terms.keys()]));
}
