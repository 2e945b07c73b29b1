import type { Database } from "../../../mixins/database/database.ts";

export interface SalesRequest {
  /** Milliseconds; the first is included. */
  readonly from: number;
  readonly before: number;
  readonly after: { readonly placedAt: number; readonly orderId: string } | undefined;
  readonly limit: number;
}

/** An order with what became of it. Amounts are minor units, times milliseconds. */
export interface Sale {
  readonly orderId: string;
  readonly lines: readonly {
    readonly productId: string;
    readonly merchantId: string | null;
    readonly quantity: number;
    readonly unitPrice: number;
    readonly discount: number;
  }[];
  readonly shipping: readonly Share[];
  readonly steps: readonly { readonly event: Step; readonly at: number }[];
  readonly refunds: readonly {
    readonly refundId: string;
    readonly at: number;
    readonly parts: readonly Share[];
  }[];
  readonly returns: readonly {
    readonly returnId: string;
    readonly at: number;
    readonly refund: number;
    readonly lines: readonly {
      readonly productId: string;
      readonly merchantId: string | null;
      readonly quantity: number;
      readonly unitPrice: number;
    }[];
  }[];
}

type Step = "placed" | "paid" | "cancelled" | "expired";
interface Share {
  readonly merchantId: string | null;
  readonly amount: number;
}

type OfOrder<T> = T & { readonly orderId: string };

/** Reads what orders consisted of and what became of them, a page of orders by six statements. */
export class SalesRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list({ from, before, after, limit }: SalesRequest): Promise<Sale[]> {
    const orders = await this.#database.select<{ id: string; shipping: number }>(
      `SELECT id, shipping FROM orders WHERE placed_at >= ? AND placed_at < ? AND (placed_at > ? OR id > ?)
       ORDER BY placed_at, id LIMIT ?`,
      [after?.placedAt ?? from, before, after?.placedAt ?? from - 1, after?.orderId ?? "", limit],
    );
    if (orders.length === 0) return [];
    const ids = orders.map(({ id }) => id);
    const of = async <T extends object>(sql: string) =>
      Map.groupBy(await this.#database.select<OfOrder<T>>(sql, [ids]), ({ orderId }) => orderId);
    const lines = await of<Sale["lines"][number] & { shipping: number }>(
      `SELECT order_id AS orderId, product_id AS productId, merchant_id AS merchantId, quantity, unit_price AS unitPrice,
         discount, shipping
       FROM order_lines WHERE order_id IN (?) ORDER BY order_id, line_no`,
    );
    const steps = await of<Sale["steps"][number]>(
      `SELECT order_id AS orderId, event, happened_at AS at FROM timeline
       WHERE order_id IN (?) AND event IN ('placed', 'paid', 'cancelled', 'expired') ORDER BY order_id, order_version`,
    );
    const refunds = await of<Share & { refundId: string; at: number }>(
      `SELECT f.order_id AS orderId, f.id AS refundId, f.settled_at AS at, p.merchant_id AS merchantId,
         COALESCE(s.amount, f.amount) AS amount
       FROM refunds f LEFT JOIN refund_parts s ON s.refund_id = f.id LEFT JOIN order_parts p ON p.id = s.part_id
       WHERE f.order_id IN (?) AND f.status = 'succeeded' AND f.cause <> 'late-payment' ORDER BY f.order_id, f.id`,
    );
    const returns = await of<{ returnId: string; at: number; refund: number }>(
      `SELECT order_id AS orderId, id AS returnId, returned_at AS at, refund FROM returns
       WHERE order_id IN (?) ORDER BY order_id, id`,
    );
    const returned = await of<Sale["returns"][number]["lines"][number] & { returnId: string }>(
      `SELECT r.order_id AS orderId, g.return_id AS returnId, l.product_id AS productId, l.merchant_id AS merchantId, g.quantity,
         l.unit_price AS unitPrice
       FROM returns r JOIN return_lines g ON g.return_id = r.id JOIN order_lines l ON l.id = g.order_line_id
       WHERE r.order_id IN (?) ORDER BY r.order_id, g.return_id, g.line_no`,
    );
    return orders.map(({ id: orderId, shipping }) => ({
      orderId,
      lines: without(lines.get(orderId)).map(({ shipping: _shipping, ...line }) => line),
      shipping: sharesOf(shipping, lines.get(orderId) ?? []),
      steps: without(steps.get(orderId)),
      refunds: [...Map.groupBy(refunds.get(orderId) ?? [], ({ refundId }) => refundId)].map(
        ([refundId, parts]) => ({
          refundId,
          at: parts[0]?.at ?? 0,
          parts: parts.map(({ merchantId, amount }) => ({ merchantId, amount })),
        }),
      ),
      returns: without(returns.get(orderId)).map((one) => ({
        ...one,
        lines: (returned.get(orderId) ?? [])
          .filter(({ returnId }) => returnId === one.returnId)
          .map(({ productId, merchantId, quantity, unitPrice }) => ({
            productId,
            merchantId,
            quantity,
            unitPrice,
          })),
      })),
    }));
  }
}

/** Shipping by merchant. Lines of earlier versions have no shares: that of their orders is the shop's. */
function sharesOf(
  shipping: number,
  lines: readonly { readonly merchantId: string | null; readonly shipping: number }[],
): Share[] {
  const shares = [...Map.groupBy(lines, ({ merchantId }) => merchantId)].map(([merchantId, ofMerchant]) => ({
    merchantId,
    amount: ofMerchant.reduce((sum, line) => sum + line.shipping, 0),
  }));
  const shared = shares.reduce((sum, { amount }) => sum + amount, 0);
  return [...shares, { merchantId: null, amount: shipping - shared }].filter(({ amount }) => amount !== 0);
}

function without<T extends object>(rows: readonly OfOrder<T>[] = []): Omit<OfOrder<T>, "orderId">[] {
  return rows.map(({ orderId: _order, ...same }) => same);
}
