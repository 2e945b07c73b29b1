const alphabets = [
  "abcdefghijklmnopqrstuvwxyz0123456789",
  "абвгдежзийклмнопрстуфхцчшщъыьэюя",
  "αβγδεζηθικλμνξοπρστυφχψως",
];
const minLength = 4;
const maxLength = 20;

/** Terms to put in place of what was typed. */
export interface Correction {
  readonly wrong: string;
  readonly terms: readonly string[];
}

/**
 * Words that one typing error turns into this one: a character left out, added, replaced, or exchanged with
 * its neighbour. None for words of fewer than four letters, and for those of scripts without an alphabet.
 */
export function oneErrorAway(word: string): Correction[] {
  if (word.length < minLength || word.length > maxLength) return [];
  const alphabet = alphabets.find((letters) => Array.from(word).every((letter) => letters.includes(letter)));
  if (alphabet === undefined || !/\p{L}/u.test(word)) return [];
  const splits = Array.from(
    { length: word.length + 1 },
    (_, at) => [word.slice(0, at), word.slice(at)] as const,
  );
  const candidates = new Set<string>();
  for (const [left, right] of splits) {
    if (right !== "") candidates.add(left + right.slice(1));
    if (right.length > 1) candidates.add(`${left}${right[1]}${right[0]}${right.slice(2)}`);
    for (const letter of alphabet) {
      candidates.add(left + letter + right);
      if (right !== "") candidates.add(left + letter + right.slice(1));
    }
  }
  candidates.delete(word);
  return [...candidates].map((candidate) => ({ wrong: word, terms: [candidate] }));
}

/** `redsorghum` as two words. */
export function splitsOf(word: string): Correction[] {
  if (word.length < minLength || word.length > 2 * maxLength || !/^\p{L}+$/u.test(word)) return [];
  return Array.from({ length: word.length - 3 }, (_, at) => ({
    wrong: word,
    terms: [word.slice(0, at + 2), word.slice(at + 2)],
  }));
}

/** `book shelf` as one word: this one with the next or the one before. */
export function joinsOf(words: readonly { readonly word: string }[], index: number): Correction[] {
  const joins = [words.slice(index - 1, index + 1), words.slice(index, index + 2)].filter(
    (pair) => pair.length === 2,
  );
  return joins.map((pair) => ({
    wrong: pair.map(({ word }) => word).join(" "),
    terms: [pair.map(({ word }) => word).join("")],
  }));
}
