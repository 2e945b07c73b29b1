import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Day } from "../domain/day.ts";

export interface SearchCount {
  readonly term: string;
  readonly times: number;
  /** How many of them found nothing. */
  readonly fruitless: number;
}

/** Distinct terms of a day; what is searched for beyond is counted without its words. */
export const maxTermsPerDay = 10_000;

/** What visitors searched for, by day. */
export class SearchRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(day: Day, searches: readonly SearchCount[], tx: Tx): Promise<void> {
    const known = await this.#database.select<{ term: string }>(
      "SELECT term FROM search_terms WHERE day = ? AND term IN (?)",
      [day, searches.map(({ term }) => term)],
      tx,
    );
    const terms = new Set(known.map(({ term }) => term));
    const [kept] = await this.#database.select<{ number: number }>(
      "SELECT COUNT(*) AS number FROM search_terms WHERE day = ?",
      [day],
      tx,
    );
    let room = maxTermsPerDay - (kept?.number ?? 0);
    const byTerm = new Map<string, SearchCount>();
    for (const search of searches) {
      const isNew = !terms.has(search.term) && !byTerm.has(search.term);
      const term = isNew && room <= 0 ? "" : search.term;
      if (isNew) room -= 1;
      const before = byTerm.get(term) ?? { term, times: 0, fruitless: 0 };
      byTerm.set(term, {
        term,
        times: before.times + search.times,
        fruitless: before.fruitless + search.fruitless,
      });
    }
    const rows = [...byTerm.values()].sort((one, other) => (one.term < other.term ? -1 : 1));
    await this.#database.upsert(
      { table: "search_terms", key: ["day", "term"], set: { times: "add", fruitless: "add" } },
      rows.map(({ term, times, fruitless }) => ({ day, term, times, fruitless })),
      tx,
    );
  }

  /** The most frequent terms of a period; `fruitless`: of searches that found nothing. */
  async top(from: Day, to: Day, by: "times" | "fruitless", limit: number): Promise<SearchCount[]> {
    const rows = await this.#database.select<SearchCount>(
      `SELECT term, CAST(SUM(times) AS SIGNED) AS times, CAST(SUM(fruitless) AS SIGNED) AS fruitless FROM search_terms
       WHERE day BETWEEN ? AND ? AND ${by} > 0 AND term <> '' GROUP BY term ORDER BY ${by} DESC, term LIMIT ?`,
      [from, to, limit],
    );
    return rows;
  }

  /** How many searches there were, and how many of them found nothing. */
  async total(from: Day, to: Day): Promise<Omit<SearchCount, "term">> {
    const [row] = await this.#database.select<{ times: number | null; fruitless: number | null }>(
      `SELECT CAST(SUM(times) AS SIGNED) AS times, CAST(SUM(fruitless) AS SIGNED) AS fruitless FROM search_terms
       WHERE day BETWEEN ? AND ?`,
      [from, to],
    );
    return { times: row?.times ?? 0, fruitless: row?.fruitless ?? 0 };
  }

  /** Removes up to `limit` terms of days before a day. @returns how many */
  async removeBefore(day: Day, limit: number, tx: Tx): Promise<number> {
    const [first] = await this.#database.select<{ day: Day }>(
      "SELECT day FROM search_terms WHERE day < ? ORDER BY day LIMIT 1",
      [day],
      tx,
    );
    if (!first) return 0;
    const rows = await this.#database.select<{ term: string }>(
      "SELECT term FROM search_terms WHERE day = ? LIMIT ?",
      [first.day, limit],
      tx,
    );
    return this.#database.execute(
      "DELETE FROM search_terms WHERE day = ? AND term IN (?)",
      [first.day, rows.map(({ term }) => term)],
      tx,
    );
  }
}
