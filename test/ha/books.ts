import { createConnection } from "mysql2/promise";
import type { RowDataPacket } from "mysql2/promise";
import type { SentRequests } from "./load.ts";

/** Result of comparing the databases with the sent requests. */
export interface DatabaseComparison {
  readonly additions: number;
  readonly answeredAdditions: number;
  readonly orders: number;
  readonly answeredOrders: number;
  /** Each a sentence; empty when all is well. */
  readonly faults: readonly string[];
}

type Settings = Readonly<Record<string, string | undefined>>;

/**
 * Compares sent requests with the databases: every acknowledged one is there, and none is there twice,
 * whatever its response.
 */
export async function compareWithDatabases(
  sent: SentRequests,
  settings: Settings,
): Promise<DatabaseComparison> {
  const items = await rows(settings, "cart", "SELECT cart_id, variant_id, quantity FROM cart_items");
  const orders = await rows(settings, "orders", "SELECT id, cart_id FROM orders");
  const lines = await rows(settings, "orders", "SELECT order_id, variant_id, quantity FROM order_lines");
  const cartOf = new Map(orders.map(({ id, cart_id: cart }) => [String(id), String(cart)]));
  // Ordering empties a cart; its order then has the items.
  const found = [
    ...items.map(
      (row) => [`${String(row.cart_id)} ${String(row.variant_id)}`, Number(row.quantity)] as const,
    ),
    ...lines.map(
      (row) =>
        [`${cartOf.get(String(row.order_id))} ${String(row.variant_id)}`, Number(row.quantity)] as const,
    ),
  ];
  const quantities = new Map<string, number>();
  for (const [pair, quantity] of found) quantities.set(pair, Math.max(quantity, quantities.get(pair) ?? 0));
  const ordersOf = new Map<string, number>();
  for (const cart of cartOf.values()) ordersOf.set(cart, (ordersOf.get(cart) ?? 0) + 1);

  const faults: string[] = [];
  for (const [pair, answered] of sent.added) {
    const quantity = quantities.get(pair) ?? 0;
    if (quantity > 1) faults.push(`${pair} was added ${quantity} times`);
    if (answered && quantity === 0) faults.push(`${pair} was answered and is not there`);
  }
  for (const [cart, answered] of sent.ordered) {
    const count = ordersOf.get(cart) ?? 0;
    if (count > 1) faults.push(`cart ${cart} was ordered ${count} times`);
    if (answered && count === 0) faults.push(`the order of cart ${cart} was answered and is not there`);
  }
  const answeredIn = (asked: ReadonlyMap<string, boolean>) => [...asked.values()].filter(Boolean).length;
  return {
    additions: sent.added.size,
    answeredAdditions: answeredIn(sent.added),
    orders: sent.ordered.size,
    answeredOrders: answeredIn(sent.ordered),
    faults,
  };
}

async function rows(settings: Settings, service: "cart" | "orders", sql: string): Promise<RowDataPacket[]> {
  const [host, port] = (settings["DATABASE_PRIMARY"] ?? "").split(":");
  const connection = await createConnection({
    host: host ?? "",
    port: Number(port),
    user: `shop_${service}`,
    password: settings[`DATABASE_PASSWORD_${service.toUpperCase()}`] ?? "",
    database: `shop_${service}`,
  });
  try {
    const [found] = await connection.query<RowDataPacket[]>(sql);
    return found;
  } finally {
    await connection.end();
  }
}
