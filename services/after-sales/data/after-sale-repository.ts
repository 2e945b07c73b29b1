import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { AfterSale, AfterSaleLine, AfterSaleWithLines } from "../domain/after-sale-model.ts";
import { never } from "../domain/deadlines.ts";
import type { AfterSaleStatus } from "../domain/transitions.ts";
import { openStatuses } from "../domain/transitions.ts";
import type { AfterSaleRow } from "./after-sale-rows.ts";
import { columns, fromRow } from "./after-sale-rows.ts";

/** Whose after-sales a caller may see; part of every query. */
export type Visibility = "all" | { readonly customerId?: string; readonly merchantIds?: readonly string[] };

/** The request that made an after-sale, for its repetitions. */
export interface RequestKey {
  readonly idempotencyKey: string;
  readonly fingerprint: string;
}

export interface AfterSaleFilter {
  readonly status?: AfterSaleStatus | undefined;
  readonly kind?: AfterSale["kind"] | undefined;
  readonly orderId?: string | undefined;
  readonly customerId?: string | undefined;
  readonly merchantId?: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly dueBefore?: number | undefined;
}

/** Timers of an after-sale, by their columns. */
const timers = { due: "due_at", refund: "refund_at", hold: "hold_at" } as const;
export type Timer = keyof typeof timers;

/** An after-sale whose timer has run out. */
export interface DueAfterSale {
  readonly id: string;
  readonly at: number;
}

export class AfterSaleRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byId(id: string, visible: Visibility, tx?: Tx): Promise<AfterSaleWithLines | undefined> {
    return this.#one(id, visible, "", tx);
  }

  /** Reads it and locks it until the transaction ends. */
  async lock(id: string, visible: Visibility, tx: Tx): Promise<AfterSaleWithLines | undefined> {
    return this.#one(id, visible, this.#database.forUpdate, tx);
  }

  async list(
    visible: Visibility,
    { dueBefore, ...filter }: AfterSaleFilter,
    request: PageRequest,
  ): Promise<Page<AfterSale>> {
    const { merchantIds, customerId } = visible === "all" ? {} : visible;
    return readKeysetPage<AfterSaleRow, AfterSale>(this.#database, {
      columns,
      from: "after_sales a",
      idColumn: "a.id",
      where: {
        "a.customer_id = ?": customerId,
        ...(merchantIds ? withinMerchants(merchantIds) : {}),
        "a.status = ?": filter.status,
        "a.kind = ?": filter.kind,
        "a.order_id = ?": filter.orderId,
        "a.merchant_id = ?": filter.merchantId,
        // Another form of the condition above, which it must not replace.
        "(a.customer_id = ?)": filter.customerId,
        "a.due_at < ?": dueBefore,
      },
      sortColumns: { createdAt: "a.created_at", dueAt: "a.due_at" },
      request,
      present: fromRow,
    });
  }

  /** Numbers of open ones by status. */
  async counts(
    visible: Visibility,
    merchantId: string | undefined,
  ): Promise<{ status: AfterSaleStatus; count: number }[]> {
    const { sql, values } = conditionOf(visible);
    return this.#database.select(
      `SELECT a.status, COUNT(*) AS count FROM after_sales a
       WHERE a.status IN (?)${sql}${merchantId === undefined ? "" : " AND a.merchant_id = ?"} GROUP BY a.status`,
      [openStatuses, ...values, ...(merchantId === undefined ? [] : [merchantId])],
    );
  }

  /** The stored response to an earlier, equal request. */
  async ofKey(
    customerId: string,
    idempotencyKey: string,
    tx?: Tx,
  ): Promise<{ readonly fingerprint: string; readonly response: string | null } | undefined> {
    const [row] = await this.#database.select<{ fingerprint: string; response: string | null }>(
      "SELECT fingerprint, response FROM after_sales WHERE customer_id = ? AND idempotency_key = ?",
      [customerId, idempotencyKey],
      tx,
    );
    return row;
  }

  /** @returns false when the customer used the key before */
  async insert(
    afterSale: AfterSaleWithLines,
    { idempotencyKey, fingerprint }: RequestKey,
    response: string,
    tx: Tx,
  ): Promise<boolean> {
    const { id, lines, kind, goods, remedy, reason, text, status, amount, currency, version } = afterSale;
    const row = {
      id,
      order_id: afterSale.orderId,
      order_number: afterSale.orderNumber,
      customer_id: afterSale.customerId,
      merchant_id: afterSale.merchantId,
      part_id: afterSale.partId,
      kind,
      goods,
      remedy,
      reason,
      text,
      status,
      amount,
      currency,
      due_at: afterSale.dueAt,
      refund_at: afterSale.refundAt,
      hold_at: afterSale.holdAt,
      version,
      created_at: afterSale.createdAt,
      updated_at: afterSale.updatedAt,
      idempotency_key: idempotencyKey,
      fingerprint,
      response,
    };
    if (!(await this.#database.insertIfAbsent("after_sales", row, tx))) return false;
    const values = lines.flatMap((line, index) => [
      id,
      line.lineId,
      index,
      line.variantId,
      line.productId,
      line.sku,
      line.name,
      line.quantity,
      line.worth,
    ]);
    await this.#database.execute(
      `INSERT INTO after_sale_lines (after_sale_id, order_line_id, line_no, variant_id, product_id, sku, name, quantity, worth)
       VALUES ${lines.map(() => "(?, ?, ?, ?, ?, ?, ?, ?, ?)").join(", ")}`,
      values,
      tx,
    );
    return true;
  }

  /**
   * Saves a step under optimistic locking.
   *
   * @returns false on a conflict
   */
  async update(afterSale: AfterSale, tx: Tx): Promise<boolean> {
    const changed = await this.#database.execute(
      `UPDATE after_sales SET status = ?, remedy = ?, refund = ?, restock = ?, return_carrier = ?, return_tracking = ?,
         sent_back_at = ?, replacement_id = ?, replacement_carrier = ?, replacement_tracking = ?, due_at = ?,
         refund_at = ?, hold_at = ?, version = ?, updated_at = ?
       WHERE id = ? AND version = ?`,
      [
        afterSale.status,
        afterSale.remedy,
        afterSale.refund,
        afterSale.restock === null ? null : Number(afterSale.restock),
        afterSale.returnCarrier,
        afterSale.returnTracking,
        afterSale.sentBackAt,
        afterSale.replacementId,
        afterSale.replacementCarrier,
        afterSale.replacementTracking,
        afterSale.dueAt,
        afterSale.refundAt,
        afterSale.holdAt,
        afterSale.version,
        afterSale.updatedAt,
        afterSale.id,
        afterSale.version - 1,
      ],
      tx,
    );
    return changed === 1;
  }

  async setImages(id: string, images: readonly StoredImage[], tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE after_sales SET images = ? WHERE id = ?",
      [JSON.stringify(images), id],
      tx,
    );
  }

  /** Up to `limit` after-sales whose timer has run out, longest overdue first, behind `after`. */
  async due(timer: Timer, now: number, limit: number, after?: DueAfterSale): Promise<DueAfterSale[]> {
    const column = timers[timer];
    const { at, id } = after ?? { at: 0, id: "" };
    return this.#database.select<DueAfterSale>(
      `SELECT id, ${column} AS at FROM after_sales
       WHERE ${column} >= ? AND ${column} <= ? AND (${column} > ? OR id > ?) ORDER BY ${column}, id LIMIT ?`,
      [at, now, at, id, limit],
    );
  }

  /**
   * Claims an attempt at what a timer is for. If the caller crashes, another attempt starts at `until`.
   *
   * @returns false when another caller claimed it
   */
  async claim(
    timer: Exclude<Timer, "due">,
    { id, at }: DueAfterSale,
    until: number,
    tx: Tx,
  ): Promise<boolean> {
    const column = timers[timer];
    const sql = `UPDATE after_sales SET ${column} = ? WHERE id = ? AND ${column} = ?`;
    return (await this.#database.execute(sql, [until, id, at], tx)) === 1;
  }

  /** Stops a timer that was claimed, unless it was set anew meanwhile. */
  async stop(timer: Exclude<Timer, "due">, { id, at }: DueAfterSale, tx: Tx): Promise<void> {
    const column = timers[timer];
    const sql = `UPDATE after_sales SET ${column} = ? WHERE id = ? AND ${column} = ?`;
    await this.#database.execute(sql, [never, id, at], tx);
  }

  /** Ids of a customer's after-sales behind `after` that still hold texts or pictures, by id. */
  async withTexts(customerId: string, after: string, limit: number): Promise<string[]> {
    const rows = await this.#database.select<{ id: string }>(
      "SELECT id FROM after_sales WHERE customer_id = ? AND response IS NOT NULL AND id > ? ORDER BY id LIMIT ?",
      [customerId, after, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Erases what the buyer wrote, the stored response included. */
  async eraseTexts(id: string, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE after_sales SET text = NULL, response = NULL, images = NULL WHERE id = ?",
      [id],
      tx,
    );
  }

  async #one(
    id: string,
    visible: Visibility,
    lock: string,
    tx?: Tx,
  ): Promise<AfterSaleWithLines | undefined> {
    const { sql, values } = conditionOf(visible);
    const [row] = await this.#database.select<AfterSaleRow>(
      `SELECT ${columns} FROM after_sales a WHERE a.id = ?${sql}${lock}`,
      [id, ...values],
      tx,
    );
    if (!row) return undefined;
    const lines = await this.#database.select<AfterSaleLine>(
      `SELECT order_line_id AS lineId, variant_id AS variantId, product_id AS productId, sku, name, quantity, worth
       FROM after_sale_lines WHERE after_sale_id = ? ORDER BY line_no`,
      [id],
      tx,
    );
    return { ...fromRow(row), lines };
  }
}

/** SQL that limits alias `a` to what is visible. */
function conditionOf(visible: Visibility): { readonly sql: string; readonly values: SqlValue[] } {
  if (visible === "all") return { sql: "", values: [] };
  const { customerId, merchantIds = [] } = visible;
  const conditions: [string, SqlValue][] = [];
  if (customerId !== undefined) conditions.push(["a.customer_id = ?", customerId]);
  if (merchantIds.length > 0) conditions.push(["a.merchant_id IN (?)", merchantIds]);
  const sql = conditions.map(([condition]) => condition).join(" OR ");
  return { sql: ` AND (${sql || "1 = 0"})`, values: conditions.map(([, value]) => value) };
}

function withinMerchants(merchantIds: readonly string[]): Record<string, SqlValue> {
  const places = merchantIds.map(() => "?").join(", ");
  return { [`a.merchant_id IN (${places})`]: merchantIds };
}
