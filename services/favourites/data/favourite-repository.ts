import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";

/** A product in one customer's favourites. Times are milliseconds since the Unix epoch. */
export interface Favourite {
  readonly id: string;
  readonly ownerId: string;
  readonly productId: string;
  readonly note: string | null;
  /** Lowest price when it was added, in minor units; null where it was not recorded. */
  readonly priceMinor: number | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type FavouriteRow = {
  id: string;
  owner_id: string;
  product_id: string;
  note: string | null;
  price_minor: number | null;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns = "id, owner_id, product_id, note, price_minor, version, created_at, updated_at";

/** Every query has the owner, so that favourites of others are not found. */
export class FavouriteRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(ownerId: string, productId: string | undefined, request: PageRequest): Promise<Page<Favourite>> {
    return readKeysetPage<FavouriteRow, Favourite>(this.#database, {
      columns,
      from: "favourites",
      where: { "owner_id = ?": ownerId, "product_id = ?": productId },
      sortColumns: { createdAt: "created_at" },
      request,
      present: fromRow,
    });
  }

  /** Owners of a product's favourites with an id behind `after`, in order, with the price when it was added. */
  async ownersOf(
    productId: string,
    after: string,
    limit: number,
  ): Promise<{ ownerId: string; priceWhenAdded: number | null }[]> {
    const sql = `SELECT owner_id AS ownerId, price_minor AS priceWhenAdded FROM favourites
      WHERE product_id = ? AND owner_id > ? ORDER BY owner_id LIMIT ?`;
    return this.#database.select(sql, [productId, after, limit]);
  }

  /** @param id its own, or that of its product */
  async find(ownerId: string, id: string, tx?: Tx): Promise<Favourite | undefined> {
    return (await this.#one("id = ?", ownerId, id, tx)) ?? this.ofProduct(ownerId, id, tx);
  }

  async ofProduct(ownerId: string, productId: string, tx?: Tx): Promise<Favourite | undefined> {
    return this.#one("product_id = ?", ownerId, productId, tx);
  }

  /** @returns false when it is a favourite already */
  async insert(favourite: Favourite, tx: Tx): Promise<boolean> {
    const { ownerId, productId, priceMinor, createdAt, updatedAt, ...same } = favourite;
    const times = { created_at: createdAt, updated_at: updatedAt };
    const row = { ...same, owner_id: ownerId, product_id: productId, price_minor: priceMinor, ...times };
    return this.#database.insertIfAbsent("favourites", row, tx);
  }

  /** Serializes concurrent additions of an owner who has favourites. @returns their number */
  async lockAndCount(ownerId: string, tx: Tx): Promise<number> {
    const first = `SELECT id FROM favourites WHERE owner_id = ? ORDER BY product_id LIMIT 1${this.#database.forUpdate}`;
    await this.#database.select(first, [ownerId], tx);
    const sql = "SELECT COUNT(*) AS n FROM favourites WHERE owner_id = ?";
    const [row] = await this.#database.select<{ n: number }>(sql, [ownerId], tx);
    return row?.n ?? 0;
  }

  /** @returns false when it was removed or changed since it was read */
  async setNote({ id, version }: Favourite, note: string | null, now: number, tx: Tx): Promise<boolean> {
    const sql =
      "UPDATE favourites SET note = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?";
    return (await this.#database.execute(sql, [note, now, id, version], tx)) === 1;
  }

  /**
   * Removes it. The version is checked only if one is expected. One of concurrent removals succeeds.
   *
   * @returns false when it was removed since it was read, or has another version than expected
   */
  async remove({ id }: Favourite, expectedVersion: number | undefined, tx: Tx): Promise<boolean> {
    const expected = expectedVersion === undefined ? [] : [expectedVersion];
    const sql = `DELETE FROM favourites WHERE id = ?${expected.length > 0 ? " AND version = ?" : ""}`;
    return (await this.#database.execute(sql, [id, ...expected], tx)) === 1;
  }

  /** Removes an owner's favourites. @returns their products */
  async removeAllOf(ownerId: string, tx: Tx): Promise<string[]> {
    const sql = `SELECT product_id AS id FROM favourites WHERE owner_id = ?${this.#database.forUpdate}`;
    const rows = await this.#database.select<{ id: string }>(sql, [ownerId], tx);
    await this.#database.execute("DELETE FROM favourites WHERE owner_id = ?", [ownerId], tx);
    return rows.map(({ id }) => id);
  }

  async #one(condition: string, ownerId: string, value: SqlValue, tx?: Tx): Promise<Favourite | undefined> {
    const sql = `SELECT ${columns} FROM favourites WHERE ${condition} AND owner_id = ?`;
    const [row] = await this.#database.select<FavouriteRow>(sql, [value, ownerId], tx);
    return row && fromRow(row);
  }
}

function fromRow({
  owner_id,
  product_id,
  price_minor,
  created_at,
  updated_at,
  ...same
}: FavouriteRow): Favourite {
  return {
    ...same,
    ownerId: owner_id,
    productId: product_id,
    priceMinor: price_minor,
    createdAt: created_at,
    updatedAt: updated_at,
  };
}
