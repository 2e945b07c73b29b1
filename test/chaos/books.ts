import type { ServiceBroker } from "moleculer";
import { createConnection, type Connection, type RowDataPacket } from "mysql2/promise";
import { configOf } from "../../mixins/service/config-of.ts";
import type { MallState } from "./mall-books.ts";
import { mallQueries } from "./mall-books.ts";

/**
 * State of the databases, as far as clients know or caused it. Times are milliseconds, amounts minor units.
 */
export interface DatabaseState {
  readonly checkouts: readonly CheckoutRow[];
  readonly orders: readonly OrderRow[];
  readonly lines: readonly {
    readonly orderId: string;
    readonly variantId: string;
    readonly quantity: number;
    readonly unitPrice: number;
  }[];
  readonly timeline: readonly { readonly orderId: string; readonly event: string }[];
  readonly payments: readonly PaymentRow[];
  readonly refunds: readonly RefundRow[];
  readonly shipments: readonly string[];
  /** Those that staff recorded; after-sales make others. */
  readonly returns: readonly { readonly id: string; readonly orderId: string; readonly refund: number }[];
  /** The audit trail's entries about orders. */
  readonly audited: readonly { readonly orderId: string; readonly type: string }[];
  /** Stock changes by staff, by their reason. */
  readonly stockChanges: readonly {
    readonly reason: string;
    readonly variantId: string;
    readonly quantity: number;
  }[];
  readonly accounts: readonly string[];
}

export interface CheckoutRow {
  readonly orderId: string;
  readonly key: string;
  readonly state: string;
  readonly response: string | null;
}

export interface OrderRow {
  readonly id: string;
  readonly number: string;
  readonly customerId: string;
  readonly status: string;
  readonly total: number;
  readonly refunded: number;
}

export interface PaymentRow {
  readonly id: string;
  readonly orderId: string;
  readonly provider: string;
  readonly status: string;
  readonly amount: number;
}

export interface RefundRow {
  readonly id: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly status: string;
}

const queries: { readonly [K in keyof DatabaseState]: string } = {
  checkouts:
    "SELECT order_id AS orderId, idempotency_key AS `key`, state, response FROM shop_orders.checkouts",
  orders: "SELECT id, number, customer_id AS customerId, status, total, refunded FROM shop_orders.orders",
  lines: `SELECT order_id AS orderId, variant_id AS variantId, quantity, unit_price AS unitPrice
    FROM shop_orders.order_lines ORDER BY order_id, line_no`,
  timeline: "SELECT order_id AS orderId, event FROM shop_orders.timeline ORDER BY order_id, order_version",
  payments: "SELECT id, order_id AS orderId, provider, status, amount FROM shop_orders.payments",
  refunds: "SELECT id, order_id AS orderId, payment_id AS paymentId, amount, status FROM shop_orders.refunds",
  shipments: "SELECT id AS value FROM shop_orders.shipments",
  returns: `SELECT id, order_id AS orderId, refund FROM shop_orders.returns r WHERE NOT EXISTS
    (SELECT a.return_id FROM shop_orders.after_sale_refunds a WHERE a.return_id = r.id)`,
  audited: "SELECT entity_id AS orderId, type FROM shop_audit.audit_events WHERE entity = 'order'",
  stockChanges: `SELECT reason, variant_id AS variantId, quantity FROM shop_catalog.stock_movements
    WHERE kind IN ('receive', 'adjust') AND order_id IS NULL`,
  accounts: "SELECT email AS value FROM shop_users.users",
};

/** A connection to the primary for every service's data, bypassing the shop and all links. */
export async function connectToDatabases(broker: ServiceBroker): Promise<Connection> {
  const { database } = configOf(broker);
  if (database.engine !== "mysql") throw new Error("a cluster has servers");
  return createConnection({ ...database.primary, ...database.migration });
}

export async function readDatabaseState(broker: ServiceBroker): Promise<DatabaseState & MallState> {
  const connection = await connectToDatabases(broker);
  try {
    const rows = async (sql: string) => (await connection.query<RowDataPacket[]>(sql))[0];
    const entries = Object.entries({ ...queries, ...mallQueries }).map(
      async ([name, sql]) => [name, await rows(sql)] as const,
    );
    const state = Object.fromEntries(await Promise.all(entries));
    const values = (name: "accounts" | "shipments") => state[name]?.map((row) => String(row["value"]));
    return {
      ...state,
      accounts: values("accounts"),
      shipments: values("shipments"),
    } as unknown as DatabaseState & MallState;
  } finally {
    await connection.end();
  }
}
