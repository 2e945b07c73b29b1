import { belongingTerm, TermFinder } from "./packed-terms.ts";
import type { SearchWord } from "./search-query.ts";

/** A word of a search with what it names, each with the share of its name that the search has. */
export interface RankedWord extends Pick<SearchWord, "terms" | "optional"> {
  readonly categories: ReadonlyMap<string, number>;
  readonly brands: ReadonlyMap<string, number>;
  /** Types and labelled values of attributes. */
  readonly facets: readonly { readonly facet: string; readonly value: string; readonly share: number }[];
  /** Products that have the word. */
  readonly documents: number;
}

export interface Relevance {
  /** Words that the product matches. */
  readonly matched: number;
  /** Those of them that are not optional. */
  readonly required: number;
  readonly score: number;
}

/** Assumed size of the catalogue; relations between words hardly depend on it. */
const catalogueSize = 100_000;
/** Weight of a category's whole name, in units of postings: more than of the word in a product's name. */
const categoryWeight = 500;
/** The same of a type's. */
const typeWeight = 240;
/** The same of the label of an attribute's value. */
const labelWeight = 80;
/** The same of a brand's. */
const brandWeight = 100;
const togetherShare = 0.15 * Math.log(1 + catalogueSize / 1000);

/** The best of each kind counts: a word is not worth more for being in a product in two forms. */
const kinds = { text: 0, facet: 1, category: 2, brand: 3 } as const;
const kindCount = Object.keys(kinds).length;

interface Signal {
  /** Position of the word's kind; undefined for words that stand together, which all count. */
  readonly slot: number | undefined;
  readonly factor: number;
}

/** Scores products by their packed terms: the sum over words of weight and rarity. */
export class RelevanceScorer {
  readonly #signals = new TermFinder<Signal[]>();
  readonly #best: Float64Array;
  readonly #words: readonly { readonly optional: boolean; readonly rarity: number }[];

  /** @param together terms of neighbouring words, which are no words of their own */
  constructor(words: readonly RankedWord[], together: readonly string[]) {
    this.#best = new Float64Array(words.length * kindCount);
    this.#words = words.map(({ optional, documents }) => ({
      optional,
      rarity: Math.log(1 + catalogueSize / (documents + 1)),
    }));
    for (const [index, { terms, categories, brands, facets }] of words.entries()) {
      const add = (kind: keyof typeof kinds, term: string, factor: number) =>
        this.#add(term, { slot: index * kindCount + kinds[kind], factor });
      for (const [term, quality] of terms) add("text", term, quality);
      for (const [id, share] of categories)
        add("category", belongingTerm("category", id), share * categoryWeight);
      for (const [id, share] of brands) add("brand", belongingTerm("brand", id), share * brandWeight);
      for (const { facet, value, share } of facets)
        add("facet", belongingTerm(facet, value), share * (facet === "type" ? typeWeight : labelWeight));
    }
    for (const term of together) this.#add(term, { slot: undefined, factor: togetherShare });
  }

  #add(term: string, signal: Signal): void {
    const its = this.#signals.get(term);
    if (its) its.push(signal);
    else this.#signals.set(term, [signal]);
  }

  of(packed: string): Relevance {
    const best = this.#best.fill(0);
    let score = 0;
    this.#signals.visit(packed, (signals, weight) => {
      for (const { slot, factor } of signals) {
        const its = weight * factor;
        if (slot === undefined) score += its;
        else if (its > (best[slot] ?? 0)) best[slot] = its;
      }
    });
    let matched = 0;
    let required = 0;
    for (const [index, { optional, rarity }] of this.#words.entries()) {
      let its = 0;
      for (let kind = 0; kind < kindCount; kind += 1) its += best[index * kindCount + kind] ?? 0;
      if (its === 0) continue;
      matched += 1;
      if (!optional) required += 1;
      score += rarity * its;
    }
    return { matched, required, score };
  }
}
