/** Folds text for comparison: lower case without diacritics, independent of Unicode normalization. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .toLowerCase();
}

/** Sort key of a name, the same in every database. */
export function nameKey(name: string): string {
  return Array.from(fold(name)).slice(0, 200).join("");
}
