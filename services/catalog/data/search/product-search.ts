import type { Database, SqlValue } from "../../../../mixins/database/database.ts";
import type { SelectiveFilter } from "../../../../mixins/database/query/selective-filter.ts";
import { matchingIds } from "../../../../mixins/database/query/selective-filter.ts";
import { RelevanceScorer } from "../../domain/search/relevance.ts";
import type { SearchQuery } from "../../domain/search/search-query.ts";
import { strongTier, weakTier } from "./search-index.ts";
import type { ProductFilter } from "../product-filters.ts";
import { productConditions, selectiveFiltersOf } from "../product-filters.ts";
import type { NamedFacet } from "./search-names.ts";
import type { KnownWord } from "./search-vocabulary.ts";
import { countedUpTo } from "./search-vocabulary.ts";

/** Products by descending relevance. */
export interface Ranking {
  readonly productIds: readonly string[];
  /** Whether there may be more than were ranked. */
  readonly isComplete: boolean;
}

/** Ranked at most; more pages than people look at. */
export const maxRanked = 1000;
/** Twice as many found no more of the relevant products. */
const maxCandidates = 600;
/** Terms whose best postings are read first. */
const mainTerms = 3;

interface Part {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

interface CandidateRow {
  readonly doc: number;
  readonly id: string;
  readonly terms: string;
}

/**
 * Ranks the products of the built-in search. The rarest word or filter yields a bounded number of candidates,
 * best fields first; their packed terms tell how well they match all words. So the cost is bounded however
 * common the words are, and however many.
 */
export class ProductSearch {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * @param words with terms that exist
   * @param needed number of words that a product must match
   */
  async rank(
    words: readonly KnownWord[],
    { together }: Pick<SearchQuery, "together">,
    filter: ProductFilter,
    needed: number,
  ): Promise<Ranking> {
    const required = words.filter(({ optional }) => !optional);
    if (required.length === 0) return { productIds: [], isComplete: true };
    const filters = selectiveFiltersOf(filter, this.#database, { withPrices: true });
    const counts = await this.#countFilters(filters);
    const byRarity = required.toSorted(
      (a, b) => rarityOf(a) - rarityOf(b) || a.facets.length - b.facets.length,
    );
    const sources =
      needed < required.length ? byRarity.slice(0, required.length - needed + 1) : byRarity.slice(0, 1);
    const least = Math.min(...counts);
    const rarest = sources.reduce((sum, { documents }) => sum + documents, 0);
    const driving = filters[counts.indexOf(least)];
    const isByFilter = driving !== undefined && least < Math.min(rarest, maxCandidates);
    const candidates = isByFilter ? candidatesOfFilter(driving) : candidatesOfWords(sources, filter.status);
    const rows = await this.#read(candidates, filter, filters);
    const scorer = new RelevanceScorer(words, together);
    const ranked = rows
      .map(({ doc, id, terms }) => ({ doc, id, ...scorer.of(terms) }))
      .filter((product) => product.required >= needed)
      .toSorted((a, b) => b.matched - a.matched || b.score - a.score || b.doc - a.doc);
    return {
      productIds: ranked.slice(0, maxRanked).map(({ id }) => id),
      isComplete: (isByFilter || rarest <= maxCandidates) && ranked.length <= maxRanked,
    };
  }

  async #countFilters(filters: readonly SelectiveFilter[]): Promise<number[]> {
    if (filters.length === 0) return [];
    const counted = filters.map(
      ({ from, condition }, index) =>
        `(SELECT COUNT(*) FROM (SELECT 1 FROM ${from} WHERE ${condition} LIMIT ${maxCandidates + 1}) counted) AS n${index}`,
    );
    const sql = `SELECT ${counted.join(", ")}`;
    const [row = {}] = await this.#database.select<Record<string, number>>(
      sql,
      filters.flatMap(({ values }) => values),
    );
    return filters.map((_, index) => row[`n${index}`] ?? 0);
  }

  /** The candidates that pass the filter; only one that narrows by more than the status reads the products. */
  async #read(
    candidates: Part,
    filter: ProductFilter,
    filters: readonly SelectiveFilter[],
  ): Promise<CandidateRow[]> {
    const { straightJoin } = this.#database;
    const { status } = filter;
    const { "p.status = ?": _status, ...further } = productConditions(filter);
    const isNarrowed = filters.length > 0 || Object.values(further).some((value) => value !== undefined);
    const conditions: Part[] = isNarrowed
      ? [
          ...conditionsOf(productConditions(filter)),
          ...filters.map(({ predicate, predicateValues }) => ({ sql: predicate, values: predicateValues })),
        ]
      : [{ sql: "c.status = ?", values: [status] }];
    return this.#database.select<CandidateRow>(
      `SELECT c.doc, c.product_id AS id, c.terms FROM (${candidates.sql}) found
       ${straightJoin} search_candidates c ON c.doc = found.doc
       ${isNarrowed ? `${straightJoin} products p ON p.id = c.product_id` : ""}
       WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}`,
      [candidates, ...conditions].flatMap(({ values }) => values),
    );
  }
}

/** Of words that are all common, those that name values of attributes yield candidates last: half the shop is red. */
function rarityOf({ documents }: KnownWord): number {
  return Math.min(documents, countedUpTo);
}

function conditionsOf(where: Readonly<Record<string, SqlValue | undefined>>): Part[] {
  return Object.entries(where).flatMap(([sql, value]) =>
    value === undefined ? [] : [{ sql, values: [value] }],
  );
}

function candidatesOfFilter(filter: SelectiveFilter): Part {
  return {
    sql: `SELECT fc.doc FROM (${matchingIds(filter)} LIMIT ${maxCandidates}) found JOIN search_candidates fc ON fc.product_id = found.found_id`,
    values: filter.values,
  };
}

/** Postings of the words: those of strong fields first, the newest products first. */
function candidatesOfWords(sources: readonly KnownWord[], status: string): Part {
  const parts = sources.flatMap(({ terms, categories, brands, facets }) => {
    const best = [...terms].toSorted(([, a], [, b]) => b - a).map(([term]) => term);
    const others = best.slice(mainTerms);
    return [
      ...best.slice(0, mainTerms).flatMap((term) => [ofTerm(term, strongTier), ofTerm(term, weakTier)]),
      ...(others.length > 0 ? [ofTerms(others)] : []),
      ...facets.map((facet) => ofFacet(facet)),
      ...ofNamed("category_id", categories, status),
      ...ofNamed("brand_id", brands, status),
    ];
  });
  return {
    sql: `SELECT DISTINCT doc FROM (${parts.map(({ sql }) => `SELECT doc FROM (${sql}) found`).join(" UNION ALL ")}) united LIMIT ${maxCandidates}`,
    values: parts.flatMap(({ values }) => values),
  };
}

function ofTerm(term: string, tier: number): Part {
  return {
    sql: `SELECT doc FROM search_postings WHERE term = ? AND tier = ${tier} ORDER BY doc DESC LIMIT ${maxCandidates}`,
    values: [term],
  };
}

function ofTerms(terms: readonly string[]): Part {
  return {
    sql: `SELECT doc FROM search_postings WHERE term IN (?) LIMIT ${maxCandidates}`,
    values: [terms],
  };
}

function ofFacet({ facet, value }: NamedFacet): Part {
  return {
    sql: `SELECT xc.doc FROM product_facets x JOIN search_candidates xc ON xc.product_id = x.product_id
      WHERE x.facet = ? AND x.value = ? LIMIT ${maxCandidates}`,
    values: [facet, value],
  };
}

/** Products of the categories or brands, first of those whose whole name the search has. */
function ofNamed(
  column: "category_id" | "brand_id",
  shares: ReadonlyMap<string, number>,
  status: string,
): Part[] {
  const most = Math.max(...shares.values());
  const [best = [], others = []] = [true, false].map((isBest) =>
    [...shares].filter(([, share]) => (share === most) === isBest).map(([id]) => id),
  );
  return [best, others]
    .filter((ids) => ids.length > 0)
    .map((ids) => ({
      sql: `SELECT doc FROM search_candidates WHERE ${column} IN (?) AND status = ? LIMIT ${maxCandidates}`,
      values: [ids, status],
    }));
}
