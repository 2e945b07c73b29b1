import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";

/** A line of a paid order. Times are milliseconds since 1970 (UTC). */
export interface Purchase {
  readonly orderId: string;
  readonly lineId: string;
  readonly productId: string;
  readonly variantId: string;
  /** Null for the shop's own products. */
  readonly merchantId: string | null;
  readonly receivedAt: number;
}

export type PurchaseState = "bought" | "received" | "reviewed";

/** An order whose events are handled. */
interface ItsOrder {
  readonly orderId: string;
  readonly customerId: string;
}

type PurchaseRow = {
  order_id: string;
  line_id: string;
  product_id: string;
  variant_id: string;
  merchant_id: string | null;
  received_at: number;
};

const columns = "order_id, line_id, product_id, variant_id, merchant_id, received_at";

/** What was bought and received, by which the database decides who reviews what. */
export class PurchaseRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A line of the customer that can be reviewed, or was. */
  async received(
    { lineId, productId, customerId }: { lineId: string; productId: string; customerId: string },
    tx?: Tx,
  ): Promise<(Purchase & { readonly isReviewed: boolean }) | undefined> {
    const [row] = await this.#database.select<PurchaseRow & { state: PurchaseState }>(
      `SELECT ${columns}, state FROM purchases
       WHERE line_id = ? AND product_id = ? AND customer_id = ? AND state IN ('received', 'reviewed')`,
      [lineId, productId, customerId],
      tx,
    );
    return row && { ...fromRow(row), isReviewed: row.state === "reviewed" };
  }

  async listReceived(customerId: string, request: PageRequest): Promise<Page<Purchase>> {
    return readKeysetPage<PurchaseRow, Purchase>(this.#database, {
      columns,
      from: "purchases",
      where: { "customer_id = ?": customerId, "state = ?": "received" },
      sortColumns: { receivedAt: "received_at" },
      idColumn: "line_id",
      request,
      present: fromRow,
    });
  }

  /** Takes the only review that a received line of the customer may have. @returns false without one */
  async claim(lineId: string, customerId: string, tx: Tx): Promise<boolean> {
    const claimed = await this.#database.execute(
      "UPDATE purchases SET state = 'reviewed' WHERE line_id = ? AND customer_id = ? AND state = 'received'",
      [lineId, customerId],
      tx,
    );
    return claimed === 1;
  }

  /** Records the lines of a paid order, also after its delivery was heard of. */
  async addBought(
    order: ItsOrder,
    lines: readonly Omit<Purchase, "orderId" | "receivedAt">[],
    tx: Tx,
  ): Promise<void> {
    if (!(await this.#insertMissing(order, lines, 0, tx))) return;
    const cases = (column: string) =>
      `${column} = CASE variant_id ${lines.map(() => "WHEN ? THEN ?").join(" ")} END`;
    await this.#database.execute(
      `UPDATE purchases SET ${cases("line_id")}, ${cases("product_id")}, ${cases("merchant_id")},
         state = CASE WHEN received_at > 0 THEN 'received' ELSE state END
       WHERE order_id = ? AND variant_id IN (?) AND state = 'bought' AND line_id IS NULL`,
      [
        ...lines.flatMap(({ variantId, lineId }) => [variantId, lineId]),
        ...lines.flatMap(({ variantId, productId }) => [variantId, productId]),
        ...lines.flatMap(({ variantId, merchantId }) => [variantId, merchantId]),
        order.orderId,
        lines.map(({ variantId }) => variantId),
      ],
      tx,
    );
  }

  /** Records what was delivered or received of an order, also before its payment was heard of. */
  async addReceived(order: ItsOrder, variantIds: readonly string[], at: number, tx: Tx): Promise<void> {
    const lines = variantIds.map((variantId) => ({ variantId }));
    if (!(await this.#insertMissing(order, lines, at, tx))) return;
    await this.#database.execute(
      `UPDATE purchases SET received_at = ?, state = CASE WHEN line_id IS NULL THEN state ELSE 'received' END
       WHERE order_id = ? AND variant_id IN (?) AND received_at = 0`,
      [at, order.orderId, variantIds],
      tx,
    );
  }

  /** Makes a guest's purchases an account's. */
  async move(guestId: string, userId: string, tx: Tx): Promise<void> {
    const sql = "UPDATE purchases SET customer_id = ? WHERE customer_id = ?";
    await this.#database.execute(sql, [userId, guestId], tx);
  }

  /** Removes those of a deleted account, which then reviews nothing more. */
  async removeOfCustomer(customerId: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM purchases WHERE customer_id = ?", [customerId], tx);
  }

  /** @returns whether some are known; these are locked until the transaction ends */
  async #insertMissing(
    { orderId, customerId }: ItsOrder,
    lines: readonly (Pick<Purchase, "variantId"> & Partial<Purchase>)[],
    receivedAt: number,
    tx: Tx,
  ): Promise<boolean> {
    const known = await this.#database.select<{ variant_id: string }>(
      `SELECT variant_id FROM purchases WHERE order_id = ? AND variant_id IN (?)${this.#database.forUpdate}`,
      [orderId, lines.map(({ variantId }) => variantId)],
      tx,
    );
    const there = new Set(known.map((row) => row.variant_id));
    const missing = lines.filter(({ variantId }) => !there.has(variantId));
    if (missing.length === 0) return true;
    await this.#database.execute(
      `INSERT INTO purchases
         (order_id, variant_id, customer_id, line_id, product_id, merchant_id, state, received_at)
       VALUES ${missing.map(() => "(?, ?, ?, ?, ?, ?, 'bought', ?)").join(", ")}`,
      missing.flatMap(({ variantId, lineId = null, productId = null, merchantId = null }) => [
        orderId,
        variantId,
        customerId,
        lineId,
        productId,
        merchantId,
        receivedAt,
      ]),
      tx,
    );
    return there.size > 0;
  }
}

function fromRow(row: PurchaseRow): Purchase {
  return {
    orderId: row.order_id,
    lineId: row.line_id,
    productId: row.product_id,
    variantId: row.variant_id,
    merchantId: row.merchant_id,
    receivedAt: row.received_at,
  };
}
