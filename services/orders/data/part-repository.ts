import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import { oneOf } from "../../../mixins/database/query/one-of.ts";
import { updateRows } from "../../../mixins/database/query/update-rows.ts";
import type { OrderWithLines } from "../domain/order-model.ts";
import type { OrderPart } from "../domain/order-model.ts";
import type { PartShare } from "../domain/part.ts";

/** A refund of an order and its shares; none of a refund by an earlier version. */
export interface SharedRefund {
  readonly id: string;
  readonly amount: number;
  readonly shares: readonly Omit<PartShare, "merchantId">[];
}

const columns = [
  "id",
  "order_id",
  "merchant_id",
  "status",
  "subtotal",
  "discount",
  "shipping",
  "tax",
  "total",
  "refunded",
  "placed_at",
  "receivable_since",
  "received_at",
] as const;

export interface PartFilter {
  /** Restricts the list to these merchants. */
  readonly merchants: readonly string[] | undefined;
  readonly status: string | undefined;
  readonly number: string | undefined;
  /** Inclusive (ms). */
  readonly placedFrom: number | undefined;
  /** Exclusive (ms). */
  readonly placedBefore: number | undefined;
}

/** A part in lists. */
export interface ListedPart {
  readonly part: OrderPart;
  readonly orderId: string;
  readonly number: string;
  readonly currency: string;
  readonly placedAt: number;
}

type ListedRow = {
  id: string;
  order_id: string;
  merchant_id: string | null;
  status: OrderPart["status"];
  subtotal: number;
  discount: number;
  shipping: number;
  tax: number;
  total: number;
  refunded: number;
  placed_at: number;
  receivable_since: number | null;
  received_at: number | null;
  number: string;
  currency: string;
};

/** Stored parts of orders, and the shares of refunds. */
export class PartRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(filter: PartFilter, request: PageRequest): Promise<Page<ListedPart>> {
    const { merchants, status, number, placedFrom, placedBefore } = filter;
    return readKeysetPage<ListedRow, ListedPart>(this.#database, {
      columns: `${columns.map((column) => `p.${column}`).join(", ")}, o.number, o.currency`,
      from: "order_parts p",
      joinShown: "LEFT JOIN orders o ON o.id = p.order_id",
      idColumn: "p.id",
      where: {
        ...oneOf("p.merchant_id", merchants),
        "p.status = ?": status,
        "p.order_id = (SELECT n.id FROM orders n WHERE n.number = ?)": number,
        "p.placed_at >= ?": placedFrom,
        "p.placed_at < ?": placedBefore,
      },
      sortColumns: { placedAt: "p.placed_at" },
      request,
      present: listedFromRow,
    });
  }

  /**
   * The order to which a part belongs.
   *
   * @param merchants another merchant's part is not found; undefined: any part
   */
  async orderOf(id: string, merchants: readonly string[] | undefined): Promise<string | undefined> {
    const [row] = await this.#database.select<{ orderId: string }>(
      `SELECT order_id AS orderId FROM order_parts WHERE id = ?${merchants ? " AND merchant_id IN (?)" : ""}`,
      merchants ? [id, merchants] : [id],
    );
    return row?.orderId;
  }

  /** Saves the parts of a locked order. */
  async save(order: OrderWithLines, tx: Tx): Promise<void> {
    const stored = order.parts.filter(({ isStored }) => isStored);
    if (stored.length > 0) await this.#update(stored, tx);
    const fresh = order.parts.filter(({ isStored }) => !isStored);
    if (fresh.length > 0 && wasPaid(order)) await this.#insert(order, fresh, tx);
  }

  async insertShares(
    shares: readonly { readonly refundId: string; readonly partId: string; readonly amount: number }[],
    tx: Tx,
  ): Promise<void> {
    if (shares.length === 0) return;
    await this.#database.execute(
      `INSERT INTO refund_parts (refund_id, part_id, amount) VALUES ${shares.map(() => "(?, ?, ?)").join(", ")}`,
      shares.flatMap(({ refundId, partId, amount }) => [refundId, partId, amount]),
      tx,
    );
  }

  /** How a refund is shared by the parts of its order. */
  async sharesOf(refundId: string, { parts }: OrderWithLines, tx: Tx): Promise<PartShare[]> {
    const rows = await this.#database.select<{ partId: string; amount: number }>(
      "SELECT part_id AS partId, amount FROM refund_parts WHERE refund_id = ? ORDER BY part_id",
      [refundId],
      tx,
    );
    return rows.map(({ partId, amount }) => ({
      partId,
      merchantId: parts.find(({ id }) => id === partId)?.merchantId ?? null,
      amount,
    }));
  }

  /** Refunds that count among the order's, oldest first. */
  async refundsOf(orderId: string, tx: Tx): Promise<SharedRefund[]> {
    const rows = await this.#database.select<{
      id: string;
      amount: number;
      partId: string | null;
      share: number;
    }>(
      `SELECT r.id, r.amount, s.part_id AS partId, s.amount AS share
       FROM refunds r LEFT JOIN refund_parts s ON s.refund_id = r.id
       WHERE r.order_id = ? AND r.cause <> 'late-payment' ORDER BY r.id, s.part_id`,
      [orderId],
      tx,
    );
    return [...Map.groupBy(rows, ({ id }) => id)].map(([id, its]) => ({
      id,
      amount: its[0]?.amount ?? 0,
      shares: its.flatMap(({ partId, share: amount }) => (partId === null ? [] : [{ partId, amount }])),
    }));
  }

  /** Up to `limit` orders that an earlier version has changed. */
  async due(limit: number): Promise<string[]> {
    const rows = await this.#database.select<{ orderId: string }>(
      "SELECT DISTINCT order_id AS orderId FROM timeline WHERE parts_due = 1 ORDER BY order_id LIMIT ?",
      [limit],
    );
    return rows.map(({ orderId }) => orderId);
  }

  async markComplete(orderId: string, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE timeline SET parts_due = 0 WHERE order_id = ? AND parts_due = 1",
      [orderId],
      tx,
    );
  }

  async #insert(order: OrderWithLines, parts: readonly OrderPart[], tx: Tx): Promise<void> {
    const rows = parts.map(() => `(${columns.map(() => "?").join(", ")})`);
    const values = parts.flatMap((part) => [
      part.id,
      order.id,
      part.merchantId,
      part.status,
      part.subtotal,
      part.discount,
      part.shipping,
      part.tax,
      part.total,
      part.refunded,
      order.placedAt,
      part.receivableSince,
      part.receivedAt,
    ]);
    const sql = `INSERT INTO order_parts (${columns.join(", ")}) VALUES ${rows.join(", ")}`;
    await this.#database.execute(sql, values, tx);
  }

  /** One statement for all parts. */
  async #update(parts: readonly OrderPart[], tx: Tx): Promise<void> {
    const rows = parts.map(({ id, status, refunded, receivableSince, receivedAt }) => ({
      id,
      status,
      refunded,
      receivable_since: receivableSince,
      received_at: receivedAt,
    }));
    await updateRows(this.#database, "order_parts", rows, tx);
  }
}

function listedFromRow(row: ListedRow): ListedPart {
  const { id, subtotal, discount, shipping, tax, total, refunded, status } = row;
  return {
    part: {
      id,
      merchantId: row.merchant_id,
      subtotal,
      discount,
      shipping,
      tax,
      total,
      refunded,
      status,
      receivableSince: row.receivable_since,
      receivedAt: row.received_at,
      isStored: true,
    },
    orderId: row.order_id,
    number: row.number,
    currency: row.currency,
    placedAt: row.placed_at,
  };
}

/** From its payment on, the parts of an order are stored. */
export function wasPaid({ status }: Pick<OrderWithLines, "status">): boolean {
  return status !== "placed" && status !== "expired" && status !== "cancelled";
}
