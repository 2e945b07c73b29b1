import { newId } from "../../../mixins/contract/ids.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";

export const announcementKinds = ["price-fell", "back-in-stock"] as const;
export type AnnouncementKind = (typeof announcementKinds)[number];

/** News of a product. Times are milliseconds since the Unix epoch. */
export interface Announcement {
  readonly id: string;
  readonly kind: AnnouncementKind;
  readonly productId: string;
  /** Minor units. */
  readonly priceBefore: number | null;
  readonly occurredAt: number;
  /** Last customer who was told, in the order of ids; empty before the first. */
  readonly toldTo: string;
}

type AnnouncementRow = {
  id: string;
  kind: AnnouncementKind;
  product_id: string;
  price_before: number | null;
  occurred_at: number;
  told_to: string;
  due_at: number;
};

export class AnnouncementRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds it unless such news of the product was added on the same day (UTC). */
  async add(news: Omit<Announcement, "id" | "toldTo">, now: number, tx: Tx): Promise<void> {
    const row = {
      id: newId(),
      kind: news.kind,
      product_id: news.productId,
      day: new Date(news.occurredAt).toISOString().slice(0, 10),
      price_before: news.priceBefore,
      occurred_at: news.occurredAt,
      told_to: "",
      due_at: now,
      created_at: now,
    };
    await this.#database.insertIfAbsent("announcements", row, tx);
  }

  /** Leases due announcements to the caller. */
  async claim(now: number, leaseMs: number, limit: number, tx: Tx): Promise<Announcement[]> {
    const sql = `SELECT id, kind, product_id, price_before, occurred_at, told_to, due_at FROM announcements
      WHERE due_at <= ? ORDER BY due_at, id LIMIT ?`;
    const due = await this.#database.select<AnnouncementRow>(sql, [now, limit], tx);
    const claimed: Announcement[] = [];
    for (const row of due) {
      const lease = "UPDATE announcements SET due_at = ? WHERE id = ? AND due_at = ?";
      if ((await this.#database.execute(lease, [now + leaseMs, row.id, row.due_at], tx)) === 1)
        claimed.push(fromRow(row));
    }
    return claimed;
  }

  /** Moves on to the last customer of a page. @returns false when another node did */
  async moveOn({ id, toldTo }: Announcement, last: string, leaseUntil: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE announcements SET told_to = ?, due_at = ?
      WHERE id = ? AND told_to = ? AND due_at IS NOT NULL`;
    return (await this.#database.execute(sql, [last, leaseUntil, id, toldTo], tx)) === 1;
  }

  async end({ id }: Announcement, tx: Tx): Promise<void> {
    await this.#database.execute("UPDATE announcements SET due_at = NULL WHERE id = ?", [id], tx);
  }

  /** @returns how many it removed */
  async removeOld(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM announcements WHERE created_at < ? ORDER BY created_at LIMIT ?";
    const old = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (old.length === 0) return 0;
    return this.#database.execute("DELETE FROM announcements WHERE id IN (?)", [old.map(({ id }) => id)], tx);
  }
}

function fromRow(row: AnnouncementRow): Announcement {
  return {
    id: row.id,
    kind: row.kind,
    productId: row.product_id,
    priceBefore: row.price_before,
    occurredAt: row.occurred_at,
    toldTo: row.told_to,
  };
}
