import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { LineQuantity } from "../domain/fulfilment.ts";
import type { Order, OrderWithLines } from "../domain/order-model.ts";
import { newOrderNumber } from "../domain/order-number.ts";
import type { PartState } from "../domain/order-model.ts";
import { completedParts, isIncomplete, partsOf } from "../domain/part.ts";
import type { OrderFilter } from "./order-conditions.ts";
import { conditionsOf } from "./order-conditions.ts";
import type { JoinedRow, OrderRow } from "./order-rows.ts";
import {
  joinedColumns,
  lineFromRow,
  newLineColumns,
  orderColumns,
  orderFromRow,
  orderToRow,
  partStateFromRow,
} from "./order-rows.ts";
import { buyerStates } from "../contract/orders.ts";
import type { BuyerState } from "../domain/receipt.ts";
import { receivedAtOf } from "../domain/receipt.ts";
import { buyerStateSql } from "./buyer-state.ts";
import { PartRepository } from "./part-repository.ts";

export interface UnpaidOrder {
  readonly id: string;
  readonly payBefore: number;
}

/** Numbers are random: this many collisions in a row do not happen in practice. */
const numbersTried = 8;

export class OrderRepository {
  readonly #database: Database;
  readonly #parts: PartRepository;

  constructor(database: Database) {
    this.#database = database;
    this.#parts = new PartRepository(database);
  }

  /** @param owner restricts it to this customer's orders */
  async byId(id: string, owner: string | undefined, tx?: Tx): Promise<OrderWithLines | undefined> {
    return this.#one(ownedBy(id, owner), "", tx);
  }

  /** As `byId`, and locks the order until the transaction ends. */
  async lock(id: string, owner: string | undefined, tx: Tx): Promise<OrderWithLines | undefined> {
    return this.#completed(await this.#one(ownedBy(id, owner), this.#database.forUpdate, tx), tx);
  }

  /**
   * As `lock`, for members of merchants.
   *
   * @param merchants an order without a part of theirs is not found; undefined: any order
   */
  async lockFor(
    id: string,
    merchants: readonly string[] | undefined,
    tx: Tx,
  ): Promise<OrderWithLines | undefined> {
    if (merchants === undefined) return this.lock(id, undefined, tx);
    const where =
      "o.id = ? AND EXISTS (SELECT m.id FROM order_lines m WHERE m.order_id = o.id AND m.merchant_id IN (?))";
    return this.#completed(
      await this.#one({ where, values: [id, merchants] }, this.#database.forUpdate, tx),
      tx,
    );
  }

  /** Completes the parts of a locked order that an earlier version has changed. */
  async complete(order: OrderWithLines, tx: Tx): Promise<OrderWithLines> {
    const refunds = await this.#parts.refundsOf(order.id, tx);
    const unshared = refunds.filter(({ shares }) => shares.length === 0);
    const { parts, shares } = completedParts(
      order,
      refunds.flatMap((refund) => refund.shares),
      unshared.map(({ amount }) => amount),
    );
    const added = unshared.flatMap(({ id: refundId }, index) =>
      (shares[index] ?? []).map((share) => ({ refundId, ...share })),
    );
    await this.#parts.insertShares(added, tx);
    await this.#parts.save({ ...order, parts }, tx);
    return { ...order, parts: parts.map((part) => ({ ...part, isStored: true })) };
  }

  async exists(id: string, owner: string | undefined): Promise<boolean> {
    const { where, values } = ownedBy(id, owner);
    return (await this.#database.select(`SELECT o.id FROM orders o WHERE ${where}`, values)).length > 0;
  }

  /** Subset of ids that are existing orders. */
  async existing(ids: readonly string[], tx: Tx): Promise<Set<string>> {
    const rows = await this.#database.select<{ id: string }>(
      "SELECT id FROM orders WHERE id IN (?)",
      [ids],
      tx,
    );
    return new Set(rows.map((row) => row.id));
  }

  /**
   * Records that this state of the cart became the order.
   *
   * @returns false when it became another order before
   */
  async claimCart(
    cart: { readonly id: string; readonly version: number },
    orderId: string,
    tx: Tx,
  ): Promise<boolean> {
    const row = { cart_id: cart.id, cart_version: cart.version, order_id: orderId };
    return this.#database.insertIfAbsent("ordered_carts", row, tx);
  }

  async list(filter: OrderFilter, request: PageRequest): Promise<Page<Order>> {
    return readKeysetPage<OrderRow, Order>(this.#database, {
      columns: orderColumns,
      from: "orders",
      idColumn: "orders.id",
      ...conditionsOf(filter, request),
      sortColumns: { placedAt: "placed_at", total: "total" },
      request,
      present: orderFromRow,
    });
  }

  /** Numbers of a customer's orders by state. */
  async countByState(customerId: string): Promise<Record<BuyerState, number>> {
    const rows = await this.#database.select<{ state: BuyerState; orders: number }>(
      `SELECT t.state, COUNT(*) AS orders FROM (SELECT ${buyerStateSql} AS state FROM orders WHERE customer_id = ?) t
       GROUP BY t.state`,
      [customerId],
    );
    const counts = Object.fromEntries(buyerStates.map((state) => [state, 0])) as Record<BuyerState, number>;
    for (const { state, orders } of rows) counts[state] = orders;
    return counts;
  }

  /**
   * Inserts a new order, under another number if its number is taken.
   *
   * @returns the inserted order
   */
  async insert(order: OrderWithLines, tx: Tx): Promise<OrderWithLines> {
    let numbered = order;
    for (let tried = 0; tried < numbersTried; tried += 1) {
      if (await this.#database.insertIfAbsent("orders", orderToRow(numbered), tx)) {
        await this.#insertLines(numbered, tx);
        return numbered;
      }
      numbered = { ...order, number: newOrderNumber() };
    }
    throw new Error(`no free number found for order ${order.id}`);
  }

  /**
   * Saves a change of the order and of its parts, under optimistic locking.
   *
   * @returns false on a conflict
   */
  async update(order: OrderWithLines, tx: Tx): Promise<boolean> {
    const changed = await this.#database.execute(
      "UPDATE orders SET status = ?, refunded = ?, pay_before = ?, received_at = ?, version = ?, updated_at = ? WHERE id = ? AND version = ?",
      [
        order.status,
        order.refunded,
        order.payBefore,
        receivedAtOf(order.parts),
        order.version,
        order.updatedAt,
        order.id,
        order.version - 1,
      ],
      tx,
    );
    if (changed !== 1) return false;
    await this.#parts.save(order, tx);
    return true;
  }

  /**
   * Records returned goods of a line, `withdrawn` of them unshipped.
   *
   * @returns false when fewer are left of it
   */
  async addReturned(
    orderId: string,
    goods: LineQuantity & { readonly withdrawn: number },
    tx: Tx,
  ): Promise<boolean> {
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

  /** Up to `limit` orders not paid in time, longest overdue first, after `after`. */
  async unpaid(now: number, limit: number, after?: UnpaidOrder): Promise<UnpaidOrder[]> {
    const { payBefore, id } = after ?? { payBefore: 0, id: "" };
    return this.#database.select<UnpaidOrder>(
      `SELECT id, pay_before AS payBefore FROM orders
       WHERE status = 'placed' AND pay_before <= ? AND (pay_before > ? OR (pay_before = ? AND id > ?))
       ORDER BY pay_before, id LIMIT ?`,
      [now, payBefore, payBefore, id, limit],
    );
  }

  async #completed(order: OrderWithLines | undefined, tx: Tx): Promise<OrderWithLines | undefined> {
    return order && isIncomplete(order) ? this.complete(order, tx) : order;
  }

  /** Reads, or locks, an order with its lines and parts in one statement. */
  async #one({ where, values }: Condition, lock: string, tx?: Tx): Promise<OrderWithLines | undefined> {
    const rows = await this.#database.select<JoinedRow>(
      `SELECT ${joinedColumns} FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id
         LEFT JOIN order_parts p ON p.id = COALESCE(l.part_id, l.order_id)
       WHERE ${where} ORDER BY l.line_no${lock}`,
      values,
      tx,
    );
    const [first] = rows;
    if (!first) return undefined;
    const order = orderFromRow(first);
    const lines = rows.flatMap((row) => lineFromRow(row, order.id) ?? []);
    const states = new Map<string, PartState>();
    for (const [index, { partId }] of lines.entries()) {
      const state = partStateFromRow(rows[index] ?? first);
      if (state) states.set(partId, state);
    }
    return { ...order, lines, parts: partsOf(order, lines, states) };
  }

  async #insertLines(order: OrderWithLines, tx: Tx): Promise<void> {
    const rows = order.lines.map(() => "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").join(", ");
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
      line.merchantId,
      line.partId,
      line.shipping,
      line.categoryIds === undefined ? null : JSON.stringify(line.categoryIds),
    ]);
    await this.#database.execute(
      `INSERT INTO order_lines (order_id, line_no, ${newLineColumns}) VALUES ${rows}`,
      values,
      tx,
    );
  }
}

interface Condition {
  readonly where: string;
  readonly values: readonly SqlValue[];
}

function ownedBy(id: string, owner: string | undefined): Condition {
  return owner === undefined
    ? { where: "o.id = ?", values: [id] }
    : { where: "o.id = ? AND o.customer_id = ?", values: [id, owner] };
}
