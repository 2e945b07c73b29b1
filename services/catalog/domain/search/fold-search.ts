import { foldForSearch } from "./tokens.ts";

/** A search as searches are compared: folded, with single blanks between its words. */
export function foldSearch(search: string): string {
  return foldForSearch(search).replaceAll(/\s+/gu, " ").trim();
}
