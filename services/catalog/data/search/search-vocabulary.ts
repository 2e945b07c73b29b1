import type { Database, SqlValue } from "../../../../mixins/database/database.ts";
import type { SearchQuery, SearchWord } from "../../domain/search/search-query.ts";
import type { Correction } from "../../domain/search/typing-errors.ts";
import { joinsOf, oneErrorAway, splitsOf } from "../../domain/search/typing-errors.ts";
import { strongTier } from "./search-index.ts";
import type { Named } from "./search-names.ts";
import { namedBy, nothingNamed } from "./search-names.ts";

/** A word of a search, completed by what the index has. */
export interface KnownWord extends SearchWord, Named {
  /** Products that have the word, counted up to a limit. */
  readonly documents: number;
}

const completions = 8;
/** A word that so many products have, a page full, needs no completions. */
const manyDocuments = 20;
/** Words of the vocabulary that are looked at for completions. */
const completionsRead = 300;
const completionQuality = 0.6;
/** Products of a word are counted up to here, of each source of it. */
export const countedUpTo = 3000;
/** Words whose products are counted to find the most common correction. */
const wordsCounted = 60;

/** Where products of a word are counted. */
interface Source {
  readonly from: string;
  readonly values: readonly SqlValue[];
}

/** Numbers of products that a search has counted, since its words are looked up again in other company. */
export type Counts = Map<string, number>;

/** Looks the words of searches up in the vocabulary and among the names of categories. */
export class SearchVocabulary {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * The words with their completions, the categories and brands that they name, and their numbers of products.
   * Words that no product has are completed, and the last one, as people type it, unless many products have it.
   */
  async lookUp({ words }: Pick<SearchQuery, "words">, counted: Counts): Promise<KnownWord[]> {
    const [completed, named] = await Promise.all([
      this.#complete(words.flatMap(({ prefixes }) => prefixes)),
      namedBy(this.#database, words),
    ]);
    const plain = words.map((word, index) => ({ ...word, ...(named[index] ?? nothingNamed) }));
    const counts = await this.#count(plain, { counted });
    const known = plain.map((word, index) => ({ ...word, documents: counts[index] ?? 0 }));
    const scarce = known.filter(
      ({ documents }, index) => documents < (index === known.length - 1 ? manyDocuments : 1),
    );
    const longer = scarce.map((word) => ({ ...word, ...withCompletions(word, completed) }));
    const recounted = await this.#count(longer, { counted });
    const completedWords = new Map(
      longer.map((word, index) => [word.word, { ...word, documents: recounted[index] ?? 0 }]),
    );
    return known.map((word) => completedWords.get(word.word) ?? word);
  }

  /** The search with its last word completed by words of names, SKUs, options or tags, in the order of the numbers of products. */
  async longer({ folded, words }: SearchQuery): Promise<string[]> {
    const last = words.at(-1);
    if (!last || last.prefixes.length === 0 || !folded.endsWith(last.word)) return [];
    const longer = (await this.#complete([last.word])).get(last.word) ?? [];
    const counts = await this.#count(longer.map(wordAs), { strongOnly: true });
    return longer
      .map((word, index) => ({ word, documents: counts[index] ?? 0 }))
      .filter(({ documents }) => documents > 0)
      .toSorted((a, b) => b.documents - a.documents)
      .map(({ word }) => `${folded.slice(0, -last.word.length)}${word}`);
  }

  /** Words of the vocabulary that begin with a prefix, the shortest first. */
  async #complete(prefixes: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
    if (prefixes.length === 0) return new Map();
    const parts = prefixes.map(
      (_, index) => `SELECT ${index} AS prefix, word FROM (
        SELECT word FROM (SELECT word FROM search_words WHERE word > ? AND word < ? ORDER BY word LIMIT ${completionsRead}) shown
        ORDER BY LENGTH(word), word LIMIT ${completions}) shown`,
    );
    const rows = await this.#database.select<{ prefix: number; word: string }>(
      parts.join(" UNION ALL "),
      prefixes.flatMap((prefix) => [prefix, `${prefix}\u{10FFFF}`]),
    );
    const found = new Map<string, string[]>();
    for (const { prefix, word } of rows) {
      const of = prefixes[prefix] ?? "";
      found.set(of, [...(found.get(of) ?? []), word]);
    }
    return found;
  }

  /** Numbers of products that have each word, up to a limit of each source. */
  async #count(
    words: readonly (SearchWord & Named)[],
    {
      strongOnly = false,
      counted = new Map(),
    }: { readonly strongOnly?: boolean; readonly counted?: Counts } = {},
  ): Promise<number[]> {
    const keyOf = ({ from, values }: Source) => JSON.stringify([from, values]);
    const sources = words.map((word) => sourcesOf(word, strongOnly));
    const missing = [...new Map(sources.flat().map((source) => [keyOf(source), source]))].filter(
      ([key]) => !counted.has(key),
    );
    if (missing.length > 0) {
      const sql = missing.map(
        ([, { from }], index) =>
          `(SELECT COUNT(*) FROM (SELECT 1 FROM ${from} LIMIT ${countedUpTo}) counted) AS n${index}`,
      );
      const [row = {}] = await this.#database.select<Record<string, number>>(
        `SELECT ${sql.join(", ")}`,
        missing.flatMap(([, { values }]) => values),
      );
      for (const [index, [key]] of missing.entries()) counted.set(key, row[`n${index}`] ?? 0);
    }
    return sources.map((its) => its.reduce((sum, source) => sum + (counted.get(keyOf(source)) ?? 0), 0));
  }

  /**
   * The search with each word corrected that no product has: by one typing error, by a blank that is missing
   * within it, or by one too many before it.
   *
   * @returns undefined when no such word exists
   */
  async correct(folded: string, words: readonly KnownWord[]): Promise<string | undefined> {
    const candidates = words.flatMap(({ word, documents }, index) =>
      documents > 0 ? [] : [...oneErrorAway(word), ...splitsOf(word), ...joinsOf(words, index)],
    );
    const parts = [...new Set(candidates.flatMap(({ terms }) => terms))];
    if (parts.length === 0) return undefined;
    const rows = await this.#database.select<{ word: string }>(
      "SELECT word FROM search_words WHERE word IN (?) LIMIT ?",
      [parts, wordsCounted],
    );
    const known = rows.map(({ word }) => word);
    const counts = await this.#count(known.map(wordAs));
    const documents = new Map(known.map((word, index) => [word, counts[index] ?? 0]));
    const commonness = ({ terms }: Correction) => Math.min(...terms.map((term) => documents.get(term) ?? 0));
    let corrected = folded;
    for (const [wrong, its] of Map.groupBy(candidates, (candidate) => candidate.wrong)) {
      const best = its.reduce((a, b) => (commonness(b) > commonness(a) ? b : a));
      if (commonness(best) > 0) corrected = corrected.replace(notInCode(wrong), best.terms.join(" "));
    }
    return corrected === folded ? undefined : corrected;
  }
}

function sourcesOf({ terms, categories, brands, facets }: SearchWord & Named, strongOnly: boolean): Source[] {
  const tier = strongOnly ? ` AND tier = ${strongTier}` : "";
  const all: Source[] = [
    { from: `search_postings WHERE term IN (?)${tier}`, values: [[...terms.keys()]] },
    { from: "products WHERE category_id IN (?)", values: [[...categories.keys()]] },
    { from: "products WHERE brand_id IN (?)", values: [[...brands.keys()]] },
    ...facets.map(({ facet, value }) => ({
      from: "product_facets WHERE facet = ? AND value = ?",
      values: [facet, value],
    })),
  ];
  return all.filter(({ values }) => !isEmpty(values[0]));
}

/** The word, unless it is a part of a name that machines read, such as `__proto__`. */
function notInCode(word: string): RegExp {
  return new RegExp(`(?<!_)${word.replaceAll(".", String.raw`\.`)}(?!_)`, "u");
}

function isEmpty(value: SqlValue | undefined): boolean {
  return Array.isArray(value) && value.length === 0;
}

function wordAs(word: string) {
  return { word, terms: new Map([[word, 1]]), prefixes: [], optional: false, ...nothingNamed };
}

function withCompletions(word: SearchWord, completed: ReadonlyMap<string, string[]>): SearchWord {
  const terms = new Map(word.terms);
  for (const prefix of word.prefixes)
    for (const completion of completed.get(prefix) ?? [])
      if (!terms.has(completion)) terms.set(completion, completionQuality);
  return { ...word, terms };
}
