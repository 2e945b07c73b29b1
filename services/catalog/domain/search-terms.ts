/** Longer words are cut: whoever searches for one types its beginning. */
const termLength = 40;
const termsPerProduct = 600;
const wordsPerSearch = 10;

/** Text as it is compared: small letters without diacritics, whatever the way they were typed. */
export function fold(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}+/gu, "").toLowerCase();
}

/** By what a name is sorted, the same in every database. */
export function nameKey(name: string): string {
  return Array.from(fold(name)).slice(0, 200).join("");
}

/** The words of a text, folded, each once, in order of appearance. */
export function wordsOf(text: string): string[] {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words.map((word) => Array.from(word).slice(0, termLength).join("")))];
}

/**
 * The terms under which a product is found: the words of its name, SKUs and description. When there are too many,
 * the last words of the description are left out.
 */
export function termsOf(product: { name: string; description: string }, skus: readonly string[]): string[] {
  const terms = new Set([product.name, ...skus, product.description].flatMap(wordsOf));
  return [...terms].slice(0, termsPerProduct);
}

/**
 * What to look for when someone searches: for each word a range that holds exactly the terms that begin with it, in
 * the order of code points.
 */
export function termRanges(search: string): { from: string; before: string }[] {
  return wordsOf(search)
    .slice(0, wordsPerSearch)
    .map((word) => ({ from: word, before: `${word}\u{10FFFF}` }));
}
