import { foldSearch } from "./fold-search.ts";
import { countedBy, cut, joinedWith } from "./index-terms.ts";
import { stemOf } from "./stem.ts";
import { pairsOf, piecesOf, tokensOf } from "./tokens.ts";

/** A word of a search: a product matches it by any of its terms. */
export interface SearchWord {
  /** Folded, as written. */
  readonly word: string;
  /** How well each term stands for the word, 0 to 1. */
  readonly terms: ReadonlyMap<string, number>;
  /** Terms that begin with one of these match too. */
  readonly prefixes: readonly string[];
  /** Such as `for`: matching it is welcome, not required. */
  readonly optional: boolean;
}

/** A search as the index understands it. */
export interface SearchQuery {
  readonly folded: string;
  readonly words: readonly SearchWord[];
  /** Terms that show that words stand together as in the search. */
  readonly together: readonly string[];
}

const wordsPerSearch = 12;
/** A word of more pieces is a code that nobody writes otherwise. */
const piecesPerWord = 4;
const stemQuality = 0.9;
const pieceQuality = 0.7;
const singleQuality = 0.7;
const fillers = new Set(
  "a an and at by for from in of on or the to with de la le 的 了 和 与 用 款 之".split(" "),
);
const segmenter = new Intl.Segmenter("zh", { granularity: "word" });

/** Cuts what people type into words. Text without blanks is cut by the dictionary of `Intl.Segmenter`. */
export function readSearch(search: string): SearchQuery {
  const tokens = tokensOf(search);
  const found = tokens.map((token, index) => {
    const [text = "", ...more] = token.parts;
    const before = tokens[index - 1];
    const neighbour = before?.kind === "word" && before.parts.length === 1 ? before.parts[0] : undefined;
    if (token.kind === "ideographs") return wordsOfRun(text, countedBy(neighbour, text));
    const isLast = index > 0 && index === tokens.length - 1;
    const joined = neighbour !== undefined && more.length === 0 ? joinedWith(neighbour, text) : undefined;
    return wordsOfCompound(token.parts, isLast, joined);
  });
  const words = [...new Map(found.flatMap((token) => token.words).map((word) => [word.word, word])).values()];
  const isNeeded = words.some(({ optional }) => !optional);
  return {
    folded: foldSearch(search),
    words: words.slice(0, wordsPerSearch).map((word) => (isNeeded ? word : { ...word, optional: false })),
    together: [...new Set(found.flatMap((token) => token.together))].slice(0, wordsPerSearch),
  };
}

interface ReadToken {
  readonly words: SearchWord[];
  readonly together: readonly string[];
}

/** `iphone15` is `iphone` and `15`, and each of them is also matched by the whole. */
function wordsOfCompound(parts: readonly string[], isLast: boolean, joined: string | undefined): ReadToken {
  const whole = cut(parts.join(""));
  const words = parts.flatMap((part) =>
    (piecesOf(part).length > piecesPerWord ? [part] : piecesOf(part)).map((piece): SearchWord => {
      const quality = piece === whole ? 1 : pieceQuality;
      const terms = new Map([[cut(stemOf(piece)), quality * stemQuality]]);
      terms.set(cut(piece), quality);
      if (part !== piece) terms.set(cut(part), 1);
      terms.set(whole, 1);
      const prefixes = [...new Set([whole, cut(piece)])].filter((prefix) => prefix.length > 1);
      // A last letter is probably the beginning of a word.
      const optional = fillers.has(piece) || (isLast && /^\p{L}$/u.test(piece) && whole === piece);
      return { word: piece, terms, prefixes, optional };
    }),
  );
  return { words, together: joined === undefined ? [] : [joined] };
}

function wordsOfRun(run: string, counted: string | undefined): ReadToken {
  const words: SearchWord[] = [];
  for (const { segment, index } of segmenter.segment(run)) {
    const isOnly = segment === run;
    const pairs = pairsOf(segment);
    if (pairs.length === 0)
      words.push({
        word: segment,
        terms: new Map([[segment, singleQuality], ...pairsAround(run, index, segment).map(exactly)]),
        prefixes: isOnly ? [segment] : [],
        optional: !isOnly && fillers.has(segment),
      });
    for (const pair of pairs)
      words.push({ word: pair, terms: new Map([[pair, 1]]), prefixes: [], optional: false });
  }
  const known = new Set(words.map(({ word }) => word));
  const pairs = pairsOf(run).filter((pair) => !known.has(pair));
  return { words, together: counted === undefined ? pairs : [counted, ...pairs] };
}

/** The characters of a pair that no product has, as words: `女鞋` as `女` and `鞋`. Others stay as they are. */
export function charactersOf(word: SearchWord): SearchWord[] {
  if (!/^\p{Script=Han}{2}$/u.test(word.word)) return [word];
  return Array.from(word.word, (character) => ({
    ...word,
    word: character,
    terms: new Map([[character, singleQuality]]),
  }));
}

const exactly = (term: string): [string, number] => [term, 1];

/** The pairs that a character makes with its neighbours: the dictionary may have cut a word apart. */
function pairsAround(run: string, index: number, character: string): string[] {
  const before = Array.from(run.slice(0, index)).at(-1);
  const after = Array.from(run.slice(index + character.length))[0];
  return [...(before ? [before + character] : []), ...(after ? [character + after] : [])];
}
