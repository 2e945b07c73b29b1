import type { Database, Tx } from "../../../mixins/database/database.ts";

/** A rendered invoice. */
export interface Rendition {
  readonly orderId: string;
  /** Hash of the content; a different one is a different document. */
  readonly fingerprint: string;
  /** PDF in base64. */
  readonly content: string;
  /** Milliseconds since the Unix epoch. */
  readonly renderedAt: number;
}

type Row = { content: string };

/** The current PDF of each order for which one was requested. */
export class RenditionRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(orderId: string, fingerprint: string, tx?: Tx): Promise<string | undefined> {
    const sql = "SELECT content FROM invoice_renditions WHERE order_id = ? AND fingerprint = ?";
    const [row] = await this.#database.select<Row>(sql, [orderId, fingerprint], tx);
    return row?.content;
  }

  /**
   * Replaces the order's earlier document.
   *
   * @returns the stored one, which a concurrent call may have written
   */
  async store({ orderId, fingerprint, content, renderedAt }: Rendition, tx: Tx): Promise<string> {
    await this.#database.execute(
      "DELETE FROM invoice_renditions WHERE order_id = ? AND fingerprint <> ?",
      [orderId, fingerprint],
      tx,
    );
    const row = { order_id: orderId, fingerprint, content, rendered_at: renderedAt };
    if (await this.#database.insertIfAbsent("invoice_renditions", row, tx)) return content;
    return (await this.find(orderId, fingerprint, tx)) ?? content;
  }
}
