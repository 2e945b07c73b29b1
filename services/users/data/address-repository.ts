import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Address } from "../../../mixins/contract/fields.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";

/** An entry of a user's address book. */
export interface SavedAddress {
  readonly id: string;
  readonly userId: string;
  readonly label: string | null;
  readonly address: Address;
  /** At most one of a user's addresses is. */
  readonly isDefault: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type AddressRow = {
  id: string;
  user_id: string;
  label: string | null;
  address: string;
  default_of: string | null;
  created_at: number;
  updated_at: number;
};

const columns = "id, user_id, label, address, default_of, created_at, updated_at";

/** Every query includes the owner, so foreign addresses are not found. */
export class AddressRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async ofUser(userId: string, id: string, tx?: Tx): Promise<SavedAddress | undefined> {
    const sql = `SELECT ${columns} FROM addresses WHERE id = ? AND user_id = ?`;
    const [row] = await this.#database.select<AddressRow>(sql, [id, userId], tx);
    return row && fromRow(row);
  }

  async list(userId: string, request: PageRequest): Promise<Page<SavedAddress>> {
    return readKeysetPage<AddressRow, SavedAddress>(this.#database, {
      columns,
      from: "addresses",
      where: { "user_id = ?": userId },
      sortColumns: { createdAt: "created_at" },
      request,
      present: fromRow,
    });
  }

  /** @returns false when the user has `limit` addresses already */
  async insert(saved: SavedAddress, limit: number, tx: Tx): Promise<boolean> {
    const inserted = await this.#database.execute(
      `INSERT INTO addresses (${columns}) SELECT ?, ?, ?, ?, ?, ?, ? FROM
       (SELECT COUNT(*) AS n FROM addresses WHERE user_id = ?) AS existing WHERE existing.n < ?`,
      [
        saved.id,
        saved.userId,
        saved.label,
        JSON.stringify(saved.address),
        defaultOf(saved),
        saved.createdAt,
        saved.updatedAt,
        saved.userId,
        limit,
      ],
      tx,
    );
    return inserted === 1;
  }

  async update(saved: SavedAddress, tx: Tx): Promise<boolean> {
    const changed = await this.#database.execute(
      "UPDATE addresses SET label = ?, address = ?, default_of = ?, updated_at = ? WHERE id = ? AND user_id = ?",
      [saved.label, JSON.stringify(saved.address), defaultOf(saved), saved.updatedAt, saved.id, saved.userId],
      tx,
    );
    return changed === 1;
  }

  /** Leaves the user without a default address. */
  async clearDefault(userId: string, tx: Tx): Promise<void> {
    await this.#database.execute("UPDATE addresses SET default_of = NULL WHERE default_of = ?", [userId], tx);
  }

  async removeAllOf(userId: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM addresses WHERE user_id = ?", [userId], tx);
  }

  async remove(userId: string, id: string, tx: Tx): Promise<boolean> {
    const sql = "DELETE FROM addresses WHERE id = ? AND user_id = ?";
    return (await this.#database.execute(sql, [id, userId], tx)) === 1;
  }
}

/** A unique column: the database refuses a user's second default. */
function defaultOf({ isDefault, userId }: SavedAddress): string | null {
  return isDefault ? userId : null;
}

function fromRow(row: AddressRow): SavedAddress {
  return {
    id: row.id,
    userId: row.user_id,
    label: row.label,
    address: JSON.parse(row.address) as Address,
    isDefault: row.default_of !== null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
