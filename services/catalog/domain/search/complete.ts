import { foldForSearch, tokensOf } from "./tokens.ts";

const segmenter = new Intl.Segmenter("zh", { granularity: "word" });
const suggested = 8;
const katakana = /^[\p{Script=Katakana}ー]+$/u;
/** Particles, which end no search. */
const particle = /^(?:\p{Script=Hiragana}{1,2}|[的了和与])$/u;

/**
 * Completes a search that ends in a script without blanks by whole words of names, those of the most names
 * first. What is typed may be the beginning of a word, or a word that another one follows.
 *
 * @returns undefined for a search that ends otherwise
 */
export function completeFrom(names: readonly string[], search: string): string[] | undefined {
  const tail = unspacedTail(search);
  if (tail === undefined) return undefined;
  const typed = foldForSearch(search).trim();
  const texts = [...new Set(names.map(foldForSearch))].map(runsOf);
  const typedWords = wordsOf(tail);
  for (const first of typedWords.keys()) {
    const beginning = typedWords.slice(first).join("");
    const counts = new Map<string, number>();
    for (const runs of texts)
      for (const word of new Set(runs.flatMap((run) => wordsFrom(run, beginning))))
        counts.set(word, (counts.get(word) ?? 0) + 1);
    if (counts.size > 0)
      return [...counts]
        .toSorted(([one, a], [other, b]) => b - a || one.length - other.length || (one < other ? -1 : 1))
        .slice(0, suggested)
        .map(([word]) => `${typed.slice(0, -beginning.length)}${word}`);
  }
  return [];
}

/** The folded text without blanks that a search ends in, if any. */
export function unspacedTail(search: string): string | undefined {
  const last = tokensOf(search).at(-1);
  const [run] = last?.kind === "ideographs" ? last.parts : [];
  return run !== undefined && foldForSearch(search).trim().endsWith(run) ? run : undefined;
}

/** The words of each run of a name. */
function runsOf(name: string): string[][] {
  return tokensOf(name)
    .filter(({ kind }) => kind === "ideographs")
    .map(({ parts: [run = ""] }) => wordsOf(run));
}

/** The dictionary cuts few foreign words right: neighbouring pieces in katakana are one word. */
function wordsOf(run: string): string[] {
  const words: string[] = [];
  for (const { segment } of segmenter.segment(run)) {
    const before = words.at(-1);
    if (before !== undefined && katakana.test(before) && katakana.test(segment))
      words[words.length - 1] = before + segment;
    else words.push(segment);
  }
  return words;
}

/** The shortest rows of words that begin so and are longer. */
function wordsFrom(words: readonly string[], beginning: string): string[] {
  return words.flatMap((_, first) => {
    let text = "";
    for (const word of words.slice(first)) {
      text += word;
      if (text.length <= beginning.length && beginning.startsWith(text)) continue;
      return text.startsWith(beginning) && !particle.test(word) ? [text] : [];
    }
    return [];
  });
}
