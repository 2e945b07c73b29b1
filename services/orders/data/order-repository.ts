import type { Database, Tx } from "../../../mixins/database/database.ts";
import { isProtectedBy } from "../../../config/protections.ts";
import { listPage } from "../../../mixins/database/list-page.ts";
import type { Page, PageRequest } from "../../contract/paging.ts";
import type { LineQuantity } from "../domain/goods.ts";
import type { Order, OrderWithLines } from "../domain/order.ts";
import { newOrderNumber } from "../domain/order-number.ts";
import { conditionsOf } from "./order-conditions.ts";
import type { LineRow, OrderRow } from "./order-rows.ts";
import { lineColumns, lineFromRow, newLineColumns, orderColumns, orderFromRow, orderToRow } from "./order-rows.ts";

export interface OrderFilter {
  /** Only what belongs to this customer; for callers who may see no others. */
  readonly owner?: string | undefined;
  readonly customerId?: string | undefined;
  /** Any of these, each once. */
  readonly statuses?: readonly string[] | undefined;
  /** Only those of which goods are to be sent. */
  readonly unshipped: boolean;
  readonly number?: string | undefined;
  /** From this time (ms) on. */
  readonly placedFrom?: number | undefined;
  /** Until just before this time (ms). */
  readonly placedBefore?: number | undefined;
  /** Minor units; both ends included. */
  readonly minTotal?: number | undefined;
  readonly maxTotal?: number | undefined;
  /** Of which some was bought. */
  readonly productId?: string | undefined;
  readonly sku?: string | undefined;
}

export interface UnpaidOrder {
  readonly id: string;
  readonly payBefore: number;
}

/** Numbers are random: that this many in a row are taken does not happen. */
const numbersTried = 8;

export class OrderRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param owner when given, someone else's order is not found */
  async byId(id: string, owner: string | undefined, tx?: Tx): Promise<OrderWithLines | undefined> {
    return this.#one(id, owner, "", tx);
  }

  /** Like `byId`, and nobody else changes the order until the transaction ends. */
  async forChange(id: string, owner: string | undefined, tx: Tx): Promise<OrderWithLines | undefined> {
    return this.#one(id, owner, isProtectedBy("order-version") ? this.#database.forUpdate : "", tx);
  }

  async isThere(id: string, owner: string | undefined): Promise<boolean> {
    const { where, values } = ownedBy(id, owner);
    return (await this.#database.select(`SELECT id FROM orders WHERE ${where}`, values)).length > 0;
  }

  /** Which of these orders exist. */
  async existing(ids: readonly string[], tx: Tx): Promise<Set<string>> {
    const rows = await this.#database.select<{ id: string }>("SELECT id FROM orders WHERE id IN (?)", [ids], tx);
    return new Set(rows.map((row) => row.id));
  }

  /** Notes that this state of the cart became the order. @returns false when it became another one before */
  async takeCart(cart: { readonly id: string; readonly version: number }, orderId: string, tx: Tx): Promise<boolean> {
    const row = { cart_id: cart.id, cart_version: cart.version, order_id: orderId };
    return this.#database.insertNew("ordered_carts", row, tx);
  }

  async list(filter: OrderFilter, request: PageRequest): Promise<Page<Order>> {
    return listPage<OrderRow, Order>(this.#database, {
      columns: orderColumns,
      from: "orders",
      idColumn: "orders.id",
      ...conditionsOf(filter, request),
      sortColumns: { placedAt: "placed_at", total: "total" },
      request,
      present: orderFromRow,
    });
  }

  /** Inserts a new order. @returns it, or the order under another number when another order has its number */
  async insert(order: OrderWithLines, tx: Tx): Promise<OrderWithLines> {
    let numbered = order;
    for (let tried = 0; tried < numbersTried; tried += 1) {
      if (await this.#database.insertNew("orders", orderToRow(numbered), tx)) {
        await this.#insertLines(numbered, tx);
        return numbered;
      }
      numbered = { ...order, number: newOrderNumber() };
    }
    throw new Error(`no free number was found for order ${order.id}`);
  }

  /** Saves a change that was decided on the version before it. @returns false when someone else was faster */
  async update(order: Order, tx: Tx): Promise<boolean> {
    const compared = isProtectedBy("order-version") ? "=" : ">=";
    const changed = await this.#database.execute(
      `UPDATE orders SET status = ?, refunded = ?, pay_before = ?, version = ?, updated_at = ? WHERE id = ? AND version ${compared} ?`,
      [order.status, order.refunded, order.payBefore, order.version, order.updatedAt, order.id, order.version - 1],
      tx,
    );
    return changed === 1;
  }

  /**
   * Counts goods of a line as taken back, `withdrawn` of them as never sent.
   *
   * @returns false when fewer than that are left of it
   */
  async takeBack(orderId: string, goods: LineQuantity & { readonly withdrawn: number }, tx: Tx): Promise<boolean> {
    const changed = await this.#database.execute(
      `UPDATE order_lines
       SET returned_quantity = returned_quantity + ?, withdrawn_quantity = withdrawn_quantity + ?
       WHERE id = ? AND order_id = ? AND quantity - returned_quantity - packed_quantity >= ?
         AND quantity - withdrawn_quantity - packed_quantity - shipped_quantity >= ?`,
      [goods.quantity, goods.withdrawn, goods.lineId, orderId, goods.quantity, goods.withdrawn],
      tx,
    );
    return changed === 1;
  }

  /** Up to `limit` orders that were not paid in time, the longest overdue first, those behind `after`. */
  async unpaid(now: number, limit: number, after?: UnpaidOrder): Promise<UnpaidOrder[]> {
    const { payBefore, id } = after ?? { payBefore: 0, id: "" };
    return this.#database.select<UnpaidOrder>(
      `SELECT id, pay_before AS payBefore FROM orders
       WHERE status = 'placed' AND pay_before <= ? AND (pay_before > ? OR (pay_before = ? AND id > ?))
       ORDER BY pay_before, id LIMIT ?`,
      [now, payBefore, payBefore, id, limit],
    );
  }

  async #one(id: string, owner: string | undefined, lock: string, tx?: Tx): Promise<OrderWithLines | undefined> {
    const { where, values } = ownedBy(id, owner);
    const [row] = await this.#database.select<OrderRow>(`SELECT ${orderColumns} FROM orders WHERE ${where}${lock}`, values, tx);
    if (!row) return undefined;
    const sql = `SELECT ${lineColumns} FROM order_lines WHERE order_id = ? ORDER BY line_no`;
    const lines = await this.#database.select<LineRow>(sql, [row.id], tx);
    return { ...orderFromRow(row), lines: lines.map(lineFromRow) };
  }

  async #insertLines(order: OrderWithLines, tx: Tx): Promise<void> {
    const rows = order.lines.map(() => "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").join(", ");
    const values = order.lines.flatMap((line, index) => [
      order.id,
      index,
      line.id,
      line.variantId,
      line.productId,
      line.sku,
      line.name,
      JSON.stringify(line.options),
      line.quantity,
      line.returnedQuantity,
      line.unitPrice,
      line.discount,
    ]);
    await this.#database.execute(`INSERT INTO order_lines (order_id, line_no, ${newLineColumns}) VALUES ${rows}`, values, tx);
  }
}

function ownedBy(id: string, owner: string | undefined): { where: string; values: string[] } {
  return owner === undefined
    ? { where: "id = ?", values: [id] }
    : { where: "id = ? AND customer_id = ?", values: [id, owner] };
}
