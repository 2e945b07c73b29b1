import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { SynonymGroup } from "../domain/search/synonyms.ts";
import { maxGroups } from "../domain/search/synonyms.ts";

/** A row of synonyms. Times are milliseconds since the Unix epoch. */
export interface StoredSynonyms extends SynonymGroup {
  readonly id: string;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type SynonymRow = {
  id: string;
  words: string;
  from_word: string | null;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns = "id, words, from_word, version, created_at, updated_at";

export class SynonymRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All of them, the oldest first; their number is limited. */
  async all(): Promise<StoredSynonyms[]> {
    const sql = `SELECT ${columns} FROM search_synonyms ORDER BY created_at, id`;
    return (await this.#database.select<SynonymRow>(sql)).map(fromRow);
  }

  async list(request: PageRequest): Promise<Page<StoredSynonyms>> {
    return readKeysetPage<SynonymRow, StoredSynonyms>(this.#database, {
      columns,
      from: "search_synonyms",
      where: {},
      sortColumns: { createdAt: "created_at" },
      request,
      present: fromRow,
    });
  }

  async isFull(tx: Tx): Promise<boolean> {
    const sql = "SELECT COUNT(*) AS total FROM search_synonyms";
    const [row] = await this.#database.select<{ total: number }>(sql, [], tx);
    return (row?.total ?? 0) >= maxGroups;
  }

  /** Reads synonyms and locks them until the transaction ends. */
  async lock(id: string, tx: Tx): Promise<StoredSynonyms | undefined> {
    const sql = `SELECT ${columns} FROM search_synonyms WHERE id = ?${this.#database.forUpdate}`;
    const [row] = await this.#database.select<SynonymRow>(sql, [id], tx);
    return row && fromRow(row);
  }

  async insert(synonyms: StoredSynonyms, tx: Tx): Promise<void> {
    const { id, words, from, version, createdAt, updatedAt } = synonyms;
    await this.#database.execute(
      `INSERT INTO search_synonyms (${columns}) VALUES (?, ?, ?, ?, ?, ?)`,
      [id, JSON.stringify(words), from, version, createdAt, updatedAt],
      tx,
    );
  }

  /** @param synonyms locked before */
  async update({ id, words, from, version, updatedAt }: StoredSynonyms, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE search_synonyms SET words = ?, from_word = ?, version = ?, updated_at = ? WHERE id = ?",
      [JSON.stringify(words), from, version, updatedAt, id],
      tx,
    );
  }

  async remove(id: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM search_synonyms WHERE id = ?", [id], tx);
  }
}

function fromRow({ words, from_word, created_at, updated_at, ...same }: SynonymRow): StoredSynonyms {
  return {
    ...same,
    words: JSON.parse(words) as string[],
    from: from_word,
    createdAt: created_at,
    updatedAt: updated_at,
  };
}
