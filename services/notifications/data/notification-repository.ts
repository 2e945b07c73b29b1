import { newId } from "../../../mixins/contract/ids.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Database, Row, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { KindName, OutwardChannel } from "../domain/kinds.ts";
import { isOptional } from "../domain/kinds.ts";
import type { Recipient } from "../domain/recipient.ts";
import { recipientKey } from "../domain/recipient.ts";
import { retriedForMs } from "../domain/send-schedule.ts";
import type { Values } from "../domain/values.ts";

/** What is to be told. Times are milliseconds since the Unix epoch. */
export interface News {
  /** Of the event or announcement: a recipient is told of it once. */
  readonly sourceId: string;
  readonly kind: KindName;
  readonly subjectId: string | null;
  readonly values: Values;
  readonly occurredAt: number;
}

/** A notification as an inbox shows it. */
export interface InboxItem {
  readonly id: string;
  readonly kind: KindName;
  readonly subjectId: string | null;
  readonly values: Values;
  readonly occurredAt: number;
  readonly createdAt: number;
  readonly readAt: number | null;
}

type InboxRow = {
  id: string;
  kind: KindName;
  subject_id: string | null;
  variables: string;
  occurred_at: number;
  created_at: number;
  read_at: number | null;
};

const columns = "id, kind, subject_id, variables, occurred_at, created_at, read_at";

/** Who is told, and by what. */
export interface Telling {
  readonly recipient: Recipient;
  /** False when the customer wants it elsewhere only. */
  readonly inInbox: boolean;
}

export class NotificationRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds a notification with its deliveries, unless the recipient has been told of the source. */
  async add(
    news: News,
    telling: Telling,
    channels: readonly OutwardChannel[],
    now: number,
    tx: Tx,
  ): Promise<void> {
    const row = rowOf(news, telling, now);
    if (!(await this.#database.insertIfAbsent("notifications", row, tx))) return;
    await this.#insert("deliveries", deliveriesOf(row.id, news.kind, channels, now), tx);
  }

  /** `add` for many recipients who are known not to have been told of the source. */
  async addAll(
    news: News,
    tellings: readonly Telling[],
    channels: readonly OutwardChannel[],
    now: number,
    tx: Tx,
  ): Promise<void> {
    const rows = tellings.map((telling) => rowOf(news, telling, now));
    await this.#insert("notifications", rows, tx);
    await this.#insert(
      "deliveries",
      rows.flatMap(({ id }) => deliveriesOf(id, news.kind, channels, now)),
      tx,
    );
  }

  async list(
    customerId: string,
    unread: boolean | undefined,
    request: PageRequest,
  ): Promise<Page<InboxItem>> {
    return readKeysetPage<InboxRow, InboxItem>(this.#database, {
      columns,
      from: "notifications",
      where: {
        "inbox_of = ?": customerId,
        "is_unread = ?": unread === undefined ? undefined : Number(unread),
      },
      sortColumns: { createdAt: "created_at" },
      request,
      present: fromRow,
    });
  }

  /** @returns at most `limit` */
  async countUnread(customerId: string, limit: number): Promise<number> {
    const sql = `SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM notifications
      WHERE inbox_of = ? AND is_unread = 1 LIMIT ?) counted`;
    const [row] = await this.#database.select<{ n: number }>(sql, [customerId, limit]);
    return row?.n ?? 0;
  }

  async find(customerId: string, id: string, tx: Tx): Promise<InboxItem | undefined> {
    const sql = `SELECT ${columns} FROM notifications WHERE id = ? AND inbox_of = ?`;
    const [row] = await this.#database.select<InboxRow>(sql, [id, customerId], tx);
    return row && fromRow(row);
  }

  /** Keeps the time of the first reading. */
  async markRead(ids: readonly string[], now: number, tx: Tx): Promise<void> {
    const sql = "UPDATE notifications SET is_unread = 0, read_at = ? WHERE id IN (?) AND is_unread = 1";
    await this.#database.execute(sql, [now, ids], tx);
  }

  /** @returns some that came until then and are unread */
  async unreadUntil(customerId: string, until: number, limit: number, tx: Tx): Promise<string[]> {
    const sql = `SELECT id FROM notifications WHERE inbox_of = ? AND is_unread = 1 AND created_at <= ?
      ORDER BY created_at, id LIMIT ?`;
    const rows = await this.#database.select<{ id: string }>(sql, [customerId, until, limit], tx);
    return rows.map(({ id }) => id);
  }

  /** Removes a customer's notifications and deliveries, sent or not. @returns how many; at most `limit` */
  async removeSomeOf(customerId: string, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM notifications WHERE customer_id = ? LIMIT ?";
    return this.#remove(await this.#database.select<{ id: string }>(sql, [customerId, limit], tx), tx);
  }

  /** @returns how many it removed */
  async removeOld(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM notifications WHERE created_at < ? ORDER BY created_at LIMIT ?";
    return this.#remove(await this.#database.select<{ id: string }>(sql, [before, limit], tx), tx);
  }

  async #remove(rows: readonly { readonly id: string }[], tx: Tx): Promise<number> {
    if (rows.length === 0) return 0;
    const ids = rows.map(({ id }) => id);
    await this.#database.execute("DELETE FROM deliveries WHERE notification_id IN (?)", [ids], tx);
    return this.#database.execute("DELETE FROM notifications WHERE id IN (?)", [ids], tx);
  }

  async #insert(table: string, rows: readonly Row[], tx: Tx): Promise<void> {
    const [first] = rows;
    if (!first) return;
    const names = Object.keys(first);
    const marks = `(${names.map(() => "?").join(", ")})`;
    const sql = `INSERT INTO ${table} (${names.join(", ")}) VALUES ${rows.map(() => marks).join(", ")}`;
    await this.#database.execute(
      sql,
      rows.flatMap((row) => names.map((name) => row[name] ?? null)),
      tx,
    );
  }
}

function rowOf(news: News, { recipient, inInbox }: Telling, now: number) {
  const { customerId, email, phone, locale } = recipient;
  const isShown = inInbox && customerId !== null;
  return {
    id: newId(),
    source_id: news.sourceId,
    kind: news.kind,
    recipient: recipientKey(recipient),
    customer_id: customerId,
    email,
    phone,
    locale,
    subject_id: news.subjectId,
    variables: JSON.stringify(news.values),
    inbox_of: isShown ? customerId : null,
    is_unread: Number(isShown),
    read_at: null,
    occurred_at: news.occurredAt,
    created_at: now,
  };
}

function deliveriesOf(
  notificationId: string,
  kind: KindName,
  channels: readonly OutwardChannel[],
  now: number,
): Row[] {
  return channels.map((channel) => ({
    id: newId(),
    notification_id: notificationId,
    channel,
    is_urgent: Number(!isOptional(kind)),
    status: "waiting",
    attempts: 0,
    due_at: now,
    ends_at: now + retriedForMs,
    ended_at: null,
    last_error: null,
  }));
}

function fromRow({ subject_id, variables, occurred_at, created_at, read_at, ...same }: InboxRow): InboxItem {
  return {
    ...same,
    subjectId: subject_id,
    values: JSON.parse(variables) as Values,
    occurredAt: occurred_at,
    createdAt: created_at,
    readAt: read_at,
  };
}
