import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";

export type Author = "buyer" | "merchant" | "staff";

export interface Message {
  readonly id: string;
  readonly afterSaleId: string;
  readonly author: Author;
  /** `user:<id>`, `key:<id>` or `operator:<name>`. */
  readonly authorId: string;
  readonly text: string;
  readonly images: readonly StoredImage[];
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

type Row = Omit<Message, "images" | "createdAt"> & { images: string | null; created_at: number };

const columns = "id, after_sale_id AS afterSaleId, author, author_id AS authorId, text, images, created_at";

/** Conversations of after-sales. */
export class MessageRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(afterSaleId: string, request: PageRequest): Promise<Page<Message>> {
    return readKeysetPage<Row, Message>(this.#database, {
      columns,
      from: "messages",
      where: { "after_sale_id = ?": afterSaleId },
      sortColumns: { createdAt: "created_at" },
      request,
      present: fromRow,
    });
  }

  async byId(id: string, tx?: Tx): Promise<Message | undefined> {
    const sql = `SELECT ${columns} FROM messages WHERE id = ?`;
    const [row] = await this.#database.select<Row>(sql, [id], tx);
    return row && fromRow(row);
  }

  /** Reads it and locks it until the transaction ends. */
  async lock(id: string, tx: Tx): Promise<Message | undefined> {
    const sql = `SELECT ${columns} FROM messages WHERE id = ?${this.#database.forUpdate}`;
    const [row] = await this.#database.select<Row>(sql, [id], tx);
    return row && fromRow(row);
  }

  async count(afterSaleId: string, tx: Tx): Promise<number> {
    const sql = "SELECT COUNT(*) AS n FROM messages WHERE after_sale_id = ?";
    const [row] = await this.#database.select<{ n: number }>(sql, [afterSaleId], tx);
    return row?.n ?? 0;
  }

  async insert({ id, afterSaleId, author, authorId, text, createdAt }: Message, tx: Tx): Promise<void> {
    await this.#database.execute(
      `INSERT INTO messages (id, after_sale_id, author, author_id, text, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
      [id, afterSaleId, author, authorId, text, createdAt],
      tx,
    );
  }

  async setImages(id: string, images: readonly StoredImage[], tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE messages SET images = ? WHERE id = ?",
      [JSON.stringify(images), id],
      tx,
    );
  }

  /** Ids of the messages of one author, of which there are few. */
  async idsBy(afterSaleId: string, authorId: string, tx: Tx): Promise<string[]> {
    const sql = "SELECT id FROM messages WHERE after_sale_id = ? AND author_id = ?";
    const rows = await this.#database.select<{ id: string }>(sql, [afterSaleId, authorId], tx);
    return rows.map(({ id }) => id);
  }

  /** Erases an author's texts. */
  async erase(ids: readonly string[], tx: Tx): Promise<void> {
    if (ids.length === 0) return;
    await this.#database.execute("UPDATE messages SET text = '–', images = NULL WHERE id IN (?)", [ids], tx);
  }
}

function fromRow({ images, created_at, ...same }: Row): Message {
  return {
    ...same,
    images: images === null ? [] : (JSON.parse(images) as StoredImage[]),
    createdAt: created_at,
  };
}
