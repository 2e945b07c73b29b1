import type { ProductStatus } from "../product-lifecycle.ts";
import { stemOf } from "./stem.ts";
import type { Token } from "./tokens.ts";
import { pairsOf, piecesOf, tokensOf } from "./tokens.ts";

/** Texts that a product is found by, in all languages. */
export interface SearchableTexts {
  readonly names: readonly string[];
  readonly descriptions: readonly string[];
  readonly skus: readonly string[];
  /** Values of its variants' options and of its attributes, and its tags. */
  readonly attributes: readonly string[];
}

/** What a product is found by. */
export interface SearchableProduct extends SearchableTexts {
  readonly status: ProductStatus;
  readonly categoryId: string | null;
  readonly brandId: string | null;
  /** Its type and values of attributes, as terms. */
  readonly belongings: readonly string[];
}

interface WeightedField {
  /** Weight of a word in a field of average length. */
  readonly weight: number;
  /** Average number of words; a longer text dilutes them. Absent: length does not matter. */
  readonly averageWords?: number;
  /** Words of strong fields are read before others, and single ideographs are indexed. */
  readonly strong: boolean;
  readonly textsOf: (product: SearchableTexts) => readonly string[];
}

/** The fields that are searched, the first ones first. */
export const weightedFields: readonly WeightedField[] = [
  { weight: 10, averageWords: 10, strong: true, textsOf: ({ names }) => names },
  { weight: 8, strong: true, textsOf: ({ skus }) => skus },
  { weight: 5, strong: true, textsOf: ({ attributes }) => attributes },
  { weight: 2, averageWords: 60, strong: false, textsOf: ({ descriptions }) => descriptions },
];

/** Increases when the terms of a text change, so that stored ones are renewed. */
export const indexVersion = 1;

/** Characters of a term; longer words are matched by their first ones. */
export const termLength = 40;
const termsPerProduct = 1000;
/** Weights are stored in sixteenths, in a byte. */
const weightUnit = 16;
const maxWeight = 255;
/** Of a word that is not in the text as such: its stem, or two words joined. */
const derivedShare = 0.9;
/** Later words of a name say less of what the product is. */
const positionHalved = 24;

/** Weight of a term in a product. */
export interface Posting {
  readonly weight: number;
  readonly strong: boolean;
  /** Written so somewhere, unlike a stem or a single ideograph. */
  readonly isWord: boolean;
}

/**
 * Terms of a product with their weights: words, their stems, letters and numbers within words, neighbouring
 * words that people also write as one, pairs of ideographs, and single ones of strong fields. The last words
 * of the last field are dropped beyond a limit.
 */
export function postingsOf(product: SearchableTexts): ReadonlyMap<string, Posting> {
  const postings = new Map<string, { weight: number; strong: boolean; isWord: boolean }>();
  for (const { weight, averageWords, strong, textsOf } of weightedFields) {
    const best = new Map<string, { weight: number; isWord: boolean }>();
    for (const text of textsOf(product)) {
      const tokens = tokensOf(text);
      const dilution = averageWords === undefined ? 1 : 0.5 + (0.5 * sizeOf(tokens)) / averageWords;
      for (const { term, share, isWord } of termsOf(tokens, strong)) {
        const known = best.get(term);
        const its = (weight * share) / Math.max(dilution, 0.6);
        best.set(term, {
          weight: Math.max(known?.weight ?? 0, its),
          isWord: isWord || (known?.isWord ?? false),
        });
      }
    }
    for (const [term, { weight: its, isWord }] of best) {
      const posting = postings.get(term);
      if (posting) {
        posting.weight += its;
        posting.isWord ||= isWord;
      } else if (postings.size < termsPerProduct) postings.set(term, { weight: its, strong, isWord });
    }
  }
  return new Map(
    [...postings].map(([term, { weight, ...same }]) => [
      term,
      { ...same, weight: Math.max(1, Math.min(maxWeight, Math.round(weight * weightUnit))) },
    ]),
  );
}

/** Terms of a name on its own, such as a category's. */
export function termsOfName(name: string): string[] {
  return [...new Set([...termsOf(tokensOf(name), true)].map(({ term }) => term))];
}

interface WeighedTerm {
  readonly term: string;
  readonly share: number;
  readonly isWord: boolean;
}

/** Words of Latin text and half the ideographs of others, about as many words. */
function sizeOf(tokens: readonly Token[]): number {
  return tokens.reduce(
    (size, { kind, parts }) => size + (kind === "word" ? 1 : Math.ceil((parts[0]?.length ?? 0) / 2)),
    0,
  );
}

function* termsOf(tokens: readonly Token[], strong: boolean): Generator<WeighedTerm> {
  let position = 0;
  let before: string | undefined;
  for (const token of tokens) {
    const share = positionHalved / (positionHalved + position);
    position += sizeOf([token]);
    if (token.kind === "ideographs") {
      for (const run of token.parts) {
        yield* termsOfRun(run, share, strong);
        const counted = strong ? countedBy(before, run) : undefined;
        if (counted !== undefined) yield { term: counted, share: share * derivedShare, isWord: false };
      }
      before = undefined;
      continue;
    }
    for (const term of termsOfWord(token.parts)) yield { term: cut(term), share, isWord: true };
    for (const stem of stemsOf(token.parts))
      yield { term: cut(stem), share: share * derivedShare, isWord: false };
    const joined = strong && before !== undefined ? joinedWith(before, token.parts.join("-")) : undefined;
    if (joined !== undefined) yield { term: cut(joined), share: share * derivedShare, isWord: true };
    before = token.parts.length === 1 ? token.parts[0] : undefined;
  }
}

function* termsOfRun(run: string, share: number, strong: boolean): Generator<WeighedTerm> {
  for (const term of pairsOf(run)) yield { term, share, isWord: true };
  if (strong) for (const term of run) yield { term, share: share * derivedShare, isWord: false };
}

/** A word as such, its parts, and their letters and numbers. */
function termsOfWord(parts: readonly string[]): Set<string> {
  return new Set([parts.join(""), ...parts, ...parts.flatMap(piecesOf)]);
}

function stemsOf(parts: readonly string[]): string[] {
  const words = [...parts, ...parts.flatMap(piecesOf)];
  return [...new Set(words.map(stemOf))].filter((stem) => !words.includes(stem));
}

/** A number with the ideograph behind it: `40码`. */
export function countedBy(before: string | undefined, run: string): string | undefined {
  return before !== undefined && isNumber(before) && piecesOf(before).length === 1
    ? cut(before + (Array.from(run)[0] ?? ""))
    : undefined;
}

/** `iphone 15` is also looked for as `iphone15`, `128 GB` as `128gb`. */
export function joinedWith(before: string, after: string): string | undefined {
  if (piecesOf(before).length !== 1 || piecesOf(after).length !== 1) return undefined;
  return isNumber(before) === isNumber(after) ? undefined : before + after;
}

function isNumber(word: string): boolean {
  return /^\p{N}/u.test(word);
}

/** The part of a term that is stored. */
export function cut(term: string): string {
  return term.length <= termLength ? term : Array.from(term).slice(0, termLength).join("");
}
