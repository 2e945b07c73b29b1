import { termOf } from "../domain/search/search-term.ts";

/** Distinct terms between two reports; what is searched for beyond is counted without its words. */
const maxTerms = 400;

export interface SearchCount {
  readonly term: string;
  readonly times: number;
  /** How many of these searches found nothing. */
  readonly fruitless: number;
}

/** Counts what a node's visitors search for, without who they are, until the next report. */
export class SearchCounter {
  #counts = new Map<string, SearchCount>();

  count(query: string, hasFound: boolean): void {
    const wanted = termOf(query);
    const term = this.#counts.has(wanted) || this.#counts.size < maxTerms ? wanted : "";
    const { times, fruitless } = this.#counts.get(term) ?? { times: 0, fruitless: 0 };
    this.#counts.set(term, { term, times: times + 1, fruitless: fruitless + (hasFound ? 0 : 1) });
  }

  /** What was counted since the last call. */
  take(): SearchCount[] {
    const counts = [...this.#counts.values()];
    this.#counts = new Map();
    return counts;
  }
}
