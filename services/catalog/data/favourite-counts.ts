import type { Database, Tx } from "../../../mixins/database/database.ts";
import { updateRows } from "../../../mixins/database/query/update-rows.ts";
import { selectWhereIn } from "./batch-statements.ts";

/** How many customers have products in their favourites, in columns of the products. */
export class FavouriteCounts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Stores counts of favourites, unless later ones are stored; events may arrive out of order. */
  async store(
    counts: readonly { readonly id: string; readonly favourites: number; readonly version: number }[],
    tx: Tx,
  ): Promise<void> {
    const known = await selectWhereIn<{ id: string; version: number }>(
      this.#database,
      `SELECT id, favourites_version AS version FROM products WHERE id IN (?) ORDER BY id${this.#database.forUpdate}`,
      [counts.map(({ id }) => id)],
      tx,
    );
    const versions = new Map(known.map(({ id, version }) => [id, version]));
    const newest = new Map(
      counts
        .toSorted((one, other) => one.version - other.version)
        .filter(({ id, version }) => version > (versions.get(id) ?? Infinity))
        .map((count) => [count.id, count]),
    );
    const rows = [...newest.values()].map(({ id, favourites, version }) => ({
      id,
      favourites,
      favourites_version: version,
    }));
    await updateRows(this.#database, "products", rows, tx);
  }
}
