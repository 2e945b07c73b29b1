import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Rating } from "../domain/product.ts";
import { updateRows } from "../../../mixins/database/query/update-rows.ts";
import { selectWhereIn } from "./batch-statements.ts";

/** Ratings of products, as the reviews service counts them. */
export class RatingRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Copies ratings that are newer than the known ones. */
  async put(
    ratings: readonly (Rating & { readonly id: string; readonly version: number })[],
    tx: Tx,
  ): Promise<void> {
    const known = await selectWhereIn<{ id: string; rating_version: number }>(
      this.#database,
      `SELECT id, rating_version FROM products WHERE id IN (?) ORDER BY id${this.#database.forUpdate}`,
      [ratings.map(({ id }) => id)],
      tx,
    );
    const versions = new Map(known.map((row) => [row.id, row.rating_version]));
    const newer = ratings.filter(({ id, version }) => version > (versions.get(id) ?? Infinity));
    const rows = newer.map(({ id, average, count, version }) => ({
      id,
      rating_average: Math.round(100 * (average ?? 0)),
      rating_count: count,
      rating_version: version,
    }));
    await updateRows(this.#database, "products", rows, tx);
  }
}
