import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { Texts } from "../../../mixins/contract/texts.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { MerchantStatus } from "../merchants.contract.ts";

/** A merchant that a customer follows. */
export interface Followed {
  readonly merchantId: string;
  readonly slug: string;
  readonly name: string;
  readonly texts: Texts;
  readonly status: MerchantStatus;
  readonly logo: StoredImage | null;
  readonly followedAt: number;
}

type FollowedRow = {
  merchant_id: string;
  followed_at: number;
  slug: string;
  name: string;
  texts: string | null;
  status: MerchantStatus;
  logo: string | null;
};

export class FollowerRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(userId: string, request: PageRequest): Promise<Page<Followed>> {
    return readKeysetPage<FollowedRow, Followed>(this.#database, {
      columns: "f.merchant_id, f.followed_at, m.slug, m.name, m.texts, m.status, m.logo",
      from: "(followers f JOIN merchants m ON m.id = f.merchant_id)",
      where: { "f.user_id = ?": userId },
      sortColumns: { followedAt: "f.followed_at" },
      idColumn: "f.merchant_id",
      request,
      present: (row) => ({
        merchantId: row.merchant_id,
        slug: row.slug,
        name: row.name,
        texts: row.texts === null ? {} : (JSON.parse(row.texts) as Texts),
        status: row.status,
        logo: row.logo === null ? null : (JSON.parse(row.logo) as StoredImage),
        followedAt: row.followed_at,
      }),
    });
  }

  /**
   * When the user began to follow it; it stays so until the transaction ends. Read before `add`: an insert that hits an
   * existing key locks it, and such locks deadlock with a concurrent removal.
   */
  async since(userId: string, merchantId: string, tx: Tx): Promise<number | undefined> {
    const sql = `SELECT followed_at FROM followers WHERE user_id = ? AND merchant_id = ?${this.#database.forUpdate}`;
    const [row] = await this.#database.select<{ followed_at: number }>(sql, [userId, merchantId], tx);
    return row?.followed_at;
  }

  /** @returns false when the user follows it already */
  async add(userId: string, merchantId: string, now: number, tx: Tx): Promise<boolean> {
    const row = { user_id: userId, merchant_id: merchantId, followed_at: now };
    return this.#database.insertIfAbsent("followers", row, tx);
  }

  /** @returns false when the user does not follow it */
  async remove(userId: string, merchantId: string, tx: Tx): Promise<boolean> {
    const sql = "DELETE FROM followers WHERE user_id = ? AND merchant_id = ?";
    return (await this.#database.execute(sql, [userId, merchantId], tx)) === 1;
  }

  /** Ends all that a user follows, and their counts. */
  async removeAllOf(userId: string, tx: Tx): Promise<void> {
    const sql = `SELECT merchant_id FROM followers WHERE user_id = ? ORDER BY merchant_id${this.#database.forUpdate}`;
    const rows = await this.#database.select<{ merchant_id: string }>(sql, [userId], tx);
    if (rows.length === 0) return;
    const ids = rows.map((row) => row.merchant_id);
    const remove = "DELETE FROM followers WHERE user_id = ? AND merchant_id IN (?)";
    await this.#database.execute(remove, [userId, ids], tx);
    const count = "UPDATE merchants SET followers = followers - 1 WHERE id IN (?)";
    await this.#database.execute(count, [ids], tx);
  }
}
