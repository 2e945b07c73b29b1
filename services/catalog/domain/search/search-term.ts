/** Longest term that is counted as such; the rest of a longer one is dropped. */
export const maxTermLength = 60;

/** Number of digits from which a term may be a telephone number, or the number of a card or an order. */
const personalDigits = 7;

/**
 * What is counted of a search: its words in small letters, with single blanks. What may name a person (an e-mail
 * address, a long number) is counted without its words.
 *
 * @returns empty for a search that is counted without its words
 */
export function termOf(query: string): string {
  const text = query
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  const digits = text.match(/\p{Nd}/gu)?.length ?? 0;
  if (text.includes("@") || digits >= personalDigits) return "";
  return text.slice(0, maxTermLength).toWellFormed().trim();
}
