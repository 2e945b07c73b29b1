import { foldSearch } from "./fold-search.ts";
import { stemOf } from "./stem.ts";

/** Words or phrases that mean the same; with `from`, only searches for it find the words too. */
export interface SynonymGroup {
  readonly words: readonly string[];
  readonly from: string | null;
}

/** Other ways to say a phrase, by the phrase as searches are compared with it. */
export type Synonyms = ReadonlyMap<string, readonly string[]>;

export const maxGroups = 500;
const alternativesPerPhrase = 5;
/** Ways of saying a search that are looked for, the search itself included. */
const waysPerSearch = 6;
/** Segments of a phrase, blanks included. */
const segmentsPerPhrase = 20;
const segmenter = new Intl.Segmenter("zh", { granularity: "word" });

export function readSynonyms(groups: readonly SynonymGroup[]): Synonyms {
  const known = new Map<string, Map<string, string>>();
  for (const { words, from } of groups) {
    const its = words.map((word) => ({ key: keyOf(word), word: foldSearch(word) }));
    for (const said of from === null ? its.map(({ key }) => key) : [keyOf(from)]) {
      const others = known.get(said) ?? new Map<string, string>();
      for (const { key, word } of its) if (key !== said) others.set(key, word);
      known.set(said, others);
    }
  }
  return new Map(
    [...known].map(([key, others]) => [key, [...others.values()].slice(0, alternativesPerPhrase)]),
  );
}

/** Whether two of them are the same to searches, as singular and plural are. */
export function saysTwice(phrases: readonly string[]): boolean {
  return new Set(phrases.map(keyOf)).size < phrases.length;
}

/**
 * The search and other ways to say it, those with the fewest replacements first. The longest phrases are
 * replaced, where words begin and end; text without blanks has the words of `Intl.Segmenter`.
 */
export function waysToSay(search: string, synonyms: Synonyms): string[] {
  if (synonyms.size === 0) return [search];
  let ways = [{ said: "", replaced: 0 }];
  for (const [original, ...others] of piecesOf(search, synonyms))
    ways = ways
      .flatMap(({ said, replaced }) => [
        { said: said + original, replaced },
        ...others.map((other) => ({ said: `${said} ${other} `, replaced: replaced + 1 })),
      ])
      .toSorted((one, other) => one.replaced - other.replaced)
      .slice(0, waysPerSearch);
  const others = ways.filter(({ replaced }) => replaced > 0).map(({ said }) => foldSearch(said));
  return [...new Set([search, ...others])];
}

type Piece = readonly [string, ...string[]];

/** The parts of a search, each with its alternatives. */
function piecesOf(search: string, synonyms: Synonyms): Piece[] {
  const segments = segmentsOf(foldSearch(search));
  const pieces: Piece[] = [];
  for (let at = 0; at < segments.length;) {
    const { end, others } = longestFrom(at, segments, synonyms);
    pieces.push([joined(segments.slice(at, end), "text"), ...others]);
    at = end;
  }
  return pieces;
}

function longestFrom(
  start: number,
  segments: readonly Segment[],
  synonyms: Synonyms,
): { readonly end: number; readonly others: readonly string[] } {
  for (let end = Math.min(segments.length, start + segmentsPerPhrase); end > start; end -= 1) {
    const others = synonyms.get(joined(segments.slice(start, end), "stem"));
    if (others) return { end, others };
  }
  return { end: start + 1, others: [] };
}

interface Segment {
  readonly text: string;
  readonly stem: string;
}

function segmentsOf(folded: string): Segment[] {
  return [...segmenter.segment(folded)].map(({ segment, isWordLike }) => ({
    text: segment,
    stem: isWordLike ? stemOf(segment) : segment,
  }));
}

function keyOf(phrase: string): string {
  return joined(segmentsOf(foldSearch(phrase)), "stem");
}

function joined(segments: readonly Segment[], what: keyof Segment): string {
  return segments.map((segment) => segment[what]).join("");
}
