import type { Logger } from "moleculer";
import type { Database } from "../../../mixins/database/database.ts";
import type { ProductFilter } from "../data/product-filters.ts";
import { productConditions, selectiveFiltersOf } from "../data/product-filters.ts";
import { maxRanked } from "../data/search/product-search.ts";
import { readSearch } from "../domain/search/search-query.ts";
import { CircuitBreaker } from "../../../mixins/support/circuit-breaker.ts";
import { amongIds } from "./matching-filters.ts";
import type { MeilisearchIndex } from "./meilisearch-index.ts";
import type { Found, SearchEngine } from "./search-engine.ts";
import { nothingFound } from "./search-engine.ts";

type Filter = Omit<ProductFilter, "matching">;

/**
 * The search by an engine outside the shop, which ranks; the database filters what it found. The built-in
 * engine answers when the other one fails or takes too long, and always completes searches.
 */
export class ExternalSearch implements SearchEngine {
  readonly #index: MeilisearchIndex;
  readonly #builtIn: SearchEngine;
  readonly #database: Database;
  readonly #log: Logger;
  readonly #breaker = new CircuitBreaker();

  constructor(index: MeilisearchIndex, builtIn: SearchEngine, database: Database, log: Logger) {
    this.#index = index;
    this.#builtIn = builtIn;
    this.#database = database;
    this.#log = log;
  }

  async find(search: string, filter: Filter, how = { exactly: false }): Promise<Found> {
    const ranked = await this.#ranked(search, filter, how);
    if (!ranked) return this.#builtIn.find(search, filter, how);
    if (how.exactly && ranked.length === 0) return nothingFound;
    const words = readSearch(search).words;
    return {
      productIds: await this.#narrowed(ranked, filter),
      isComplete: ranked.length < maxRanked,
      matching: [amongIds(ranked)],
      terms: new Set(words.flatMap(({ terms }) => [...terms.keys()])),
      didYouMean: undefined,
    };
  }

  async complete(search: string): Promise<string[]> {
    return this.#builtIn.complete(search);
  }

  async #ranked(
    search: string,
    { status }: Filter,
    how: { readonly exactly: boolean },
  ): Promise<string[] | undefined> {
    if (!this.#breaker.admits(Date.now())) return undefined;
    try {
      const ids = await this.#index.search(search, status, { limit: maxRanked, ...how });
      this.#breaker.succeeded();
      return ids;
    } catch (error) {
      this.#breaker.failed(Date.now());
      this.#log.error(`the built-in search answers instead: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** Those that pass the filter, in the same order. */
  async #narrowed(ids: readonly string[], narrowed: Filter): Promise<string[]> {
    if (ids.length === 0) return [];
    const filter = { ...narrowed, matching: [] };
    const conditions = Object.entries(productConditions(filter)).flatMap(([sql, value]) =>
      value === undefined ? [] : [{ sql, values: [value] }],
    );
    for (const one of selectiveFiltersOf(filter, this.#database, { withPrices: true }))
      conditions.push({ sql: one.predicate, values: [...one.predicateValues] });
    const rows = await this.#database.select<{ id: string }>(
      `SELECT p.id FROM (SELECT id FROM products WHERE id IN (?)) found
       ${this.#database.straightJoin} products p ON p.id = found.id
       WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}`,
      [ids, ...conditions.flatMap(({ values }) => values)],
    );
    const passing = new Set(rows.map(({ id }) => id));
    return ids.filter((id) => passing.has(id));
  }
}
