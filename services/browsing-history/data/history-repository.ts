import { newId } from "../../../mixins/contract/ids.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { ViewHint } from "../../../mixins/contract/views.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";

/** Views kept of one user. */
export const viewsPerUser = 200;

/** A product in a user's history. Times are milliseconds since the Unix epoch. */
export interface View {
  readonly id: string;
  readonly productId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type Row = { id: string; product_id: string; created_at: number; updated_at: number };

const columns = "id, product_id, created_at, updated_at";

/** Every query has the owner, so that foreign views are not found. */
export class HistoryRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(userId: string, request: PageRequest): Promise<Page<View>> {
    return readKeysetPage<Row, View>(this.#database, {
      columns,
      from: "browsing_history",
      where: { "owner_id = ?": userId },
      sortColumns: { updatedAt: "updated_at" },
      request,
      present: fromRow,
    });
  }

  async ofProduct(userId: string, productId: string): Promise<View | undefined> {
    const sql = `SELECT ${columns} FROM browsing_history WHERE owner_id = ? AND product_id = ?`;
    const [row] = await this.#database.select<Row>(sql, [userId, productId]);
    return row && fromRow(row);
  }

  /**
   * Records views of many users with three statements: adds or renews them, without those whose user has
   * switched recording off or cleared them, then drops the oldest beyond 200 of each user.
   */
  async record(views: readonly ViewHint[], tx: Tx): Promise<void> {
    const settings = await this.#settingsOf([...new Set(views.map(({ userId }) => userId))], tx);
    const wanted = views.filter(({ userId, at }) => {
      const setting = settings.get(userId);
      return !setting || (setting.isOn && at > setting.clearedAt);
    });
    if (wanted.length === 0) return;
    const rows = wanted.map(() => "(?, ?, ?, 1, ?, ?)").join(", ");
    await this.#database.execute(
      `INSERT INTO browsing_history (id, owner_id, product_id, version, created_at, updated_at) VALUES ${rows}
       ${this.#renew}`,
      wanted.flatMap(({ userId, productId, at }) => [newId(), userId, productId, at, at]),
      tx,
    );
    await this.#database.execute(
      `DELETE FROM browsing_history WHERE id IN (SELECT id FROM (
         SELECT id, ROW_NUMBER() OVER (PARTITION BY owner_id ORDER BY updated_at DESC, id DESC) AS place
         FROM browsing_history WHERE owner_id IN (?)) ranked WHERE place > ?)`,
      [[...new Set(wanted.map(({ userId }) => userId))], viewsPerUser],
      tx,
    );
  }

  /** @param id its own, or that of its product */
  async remove(userId: string, id: string, tx: Tx): Promise<boolean> {
    const sql = "DELETE FROM browsing_history WHERE owner_id = ? AND (id = ? OR product_id = ?)";
    return (await this.#database.execute(sql, [userId, id, id], tx)) > 0;
  }

  /** Removes a user's views, and those until now that are still to be written. */
  async clear(userId: string, now: number, tx: Tx): Promise<void> {
    await this.#addSetting(userId, tx);
    const sql = "UPDATE history_settings SET cleared_at = ? WHERE user_id = ? AND cleared_at < ?";
    await this.#database.execute(sql, [now, userId, now], tx);
    await this.#database.execute("DELETE FROM browsing_history WHERE owner_id = ?", [userId], tx);
  }

  /** Switches the recording on or off, unless a later event did. */
  async setRecording(userId: string, isOn: boolean, at: number, tx: Tx): Promise<void> {
    await this.#addSetting(userId, tx);
    const sql = "UPDATE history_settings SET is_on = ?, set_at = ? WHERE user_id = ? AND set_at < ?";
    await this.#database.execute(sql, [Number(isOn), at, userId, at], tx);
  }

  async isRecording(userId: string): Promise<boolean> {
    return (await this.#settingsOf([userId])).get(userId)?.isOn ?? true;
  }

  async #addSetting(userId: string, tx: Tx): Promise<void> {
    const setting = { user_id: userId, is_on: 1, set_at: 0, cleared_at: 0 };
    await this.#database.insertIfAbsent("history_settings", setting, tx);
  }

  async #settingsOf(userIds: readonly string[], tx?: Tx) {
    const rows = await this.#database.select<{ userId: string; isOn: number; clearedAt: number }>(
      `SELECT user_id AS userId, is_on AS isOn, cleared_at AS clearedAt FROM history_settings
       WHERE user_id IN (?)${tx ? this.#database.forShare : ""}`,
      [userIds],
      tx,
    );
    return new Map(rows.map(({ userId, isOn, clearedAt }) => [userId, { isOn: isOn === 1, clearedAt }]));
  }

  get #renew(): string {
    return this.#database.engine === "sqlite"
      ? `ON CONFLICT (owner_id, product_id) DO UPDATE
         SET updated_at = MAX(updated_at, excluded.updated_at), version = version + 1`
      : `ON DUPLICATE KEY UPDATE updated_at = GREATEST(updated_at, VALUES(updated_at)), version = version + 1`;
  }
}

function fromRow({ id, product_id, created_at, updated_at }: Row): View {
  return { id, productId: product_id, createdAt: created_at, updatedAt: updated_at };
}
