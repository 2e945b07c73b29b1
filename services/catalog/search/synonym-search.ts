import type { ProductFilter } from "../data/product-filters.ts";
import { maxRanked } from "../data/search/product-search.ts";
import type { Snapshot } from "../data/snapshot.ts";
import type { Synonyms } from "../domain/search/synonyms.ts";
import { waysToSay } from "../domain/search/synonyms.ts";
import { anyOf } from "./any-of.ts";
import type { Found, SearchEngine } from "./search-engine.ts";

/** Keeps the first few places of one ranking from deciding alone, as usual in reciprocal rank fusion. */
const rankOffset = 60;

/** Any search, which also looks for what staff say means the same. */
export class SynonymSearch implements SearchEngine {
  readonly #engine: SearchEngine;
  readonly #synonyms: Pick<Snapshot<Synonyms>, "get">;

  constructor(engine: SearchEngine, synonyms: Pick<Snapshot<Synonyms>, "get">) {
    this.#engine = engine;
    this.#synonyms = synonyms;
  }

  /** Typing errors are forgiven only when nothing is found in any of the ways to say the search. */
  async find(
    search: string,
    filter: Omit<ProductFilter, "matching">,
    how?: { readonly exactly: boolean },
  ): Promise<Found> {
    const ways = waysToSay(search, await this.#synonyms.get());
    if (ways.length === 1) return this.#engine.find(search, filter, how);
    const found = await Promise.all(ways.map((way) => this.#engine.find(way, filter, { exactly: true })));
    if (found.every(({ productIds }) => productIds.length === 0))
      return this.#engine.find(search, filter, how);
    // Of a way whose products the filter leaves out, facets without that filter still count them.
    const known = found.filter(({ matching }) => matching.length > 0);
    const [first, ...others] = known;
    return first && others.length === 0 ? first : united(known);
  }

  complete(search: string): Promise<string[]> {
    return this.#engine.complete(search);
  }
}

/** What several searches found, by reciprocal rank fusion. */
function united(all: readonly Found[]): Found {
  const scores = new Map<string, number>();
  for (const { productIds } of all)
    for (const [rank, id] of productIds.entries())
      scores.set(id, (scores.get(id) ?? 0) + 1 / (rankOffset + rank));
  const ranked = [...scores].toSorted(([, one], [, other]) => other - one).map(([id]) => id);
  const productIds = ranked.slice(0, maxRanked);
  return {
    productIds,
    isComplete: ranked.length <= maxRanked && all.every(({ isComplete }) => isComplete),
    matching: [anyOf(all.map(({ matching }) => matching))],
    terms: new Set(all.flatMap(({ terms }) => [...terms])),
    didYouMean: undefined,
  };
}
