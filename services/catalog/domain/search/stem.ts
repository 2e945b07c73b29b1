import { stemmer } from "stemmer";

const irregular: ReadonlyMap<string, string> = new Map([
  ["men", "man"],
  ["women", "woman"],
  ["children", "child"],
  ["kids", "kid"],
  ["feet", "foot"],
  ["teeth", "tooth"],
  ["mice", "mouse"],
  ["geese", "goose"],
  ["people", "person"],
  ["ladies", "lady"],
]);
const plainLetters = /^[a-z]{3,}$/u;

/**
 * Stem of a folded English word, equal for its singular and plural, its inflections, and its British and
 * American spellings. Other words are their own stems.
 */
export function stemOf(word: string): string {
  if (!plainLetters.test(word)) return word;
  const singular =
    irregular.get(word) ??
    word.replace(/(?:^li|^wi|kni|shel|hal|scar|loa)(?=ves$)/u, "$&f").replace(/fves$/u, "f");
  return stemmer(americanOf(singular.replace(/^(kni|wi|li)fe$/u, "$1f")));
}

function americanOf(word: string): string {
  return word
    .replace(/^(colo|flavo|favo|harbo|odo|hono)ur/u, "$1r")
    .replace(/^grey/u, "gray")
    .replace(/^jewellery/u, "jewelry")
    .replace(/(?<=.{4})is(e|es|ed|ers?|ing)$/u, "iz$1");
}
