import { within } from "../../../../mixins/database/invariant.ts";
import type { SharedInvariant } from "../across-services.ts";

export const orderedGoodsLeaveTheCart: SharedInvariant = {
  code: "carts.ordered",
  says: "A cart that became an order has moved on since: what was ordered is taken out of it",
  of: ["orders", "cart"],
  about: "order",
  subjects: [{ service: "orders", table: "orders", key: "id" }],
  async disagreements({ orders, cart }, scope, { now }) {
    const { sql, values } = within("o.id", scope);
    const ordered = await orders.select<{ number: string; orderId: string; cartId: string; orderedVersion: number }>(
      `SELECT o.number, o.id AS orderId, c.cart_id AS cartId, c.cart_version AS orderedVersion
       FROM orders o JOIN ordered_carts c ON c.cart_id = o.cart_id AND c.order_id = o.id WHERE ${sql}`,
      values,
    );
    if (ordered.length === 0) return [];
    // One that expired is left as it was until it is removed.
    const carts = await cart.select<{ id: string; version: number }>(
      "SELECT id, version FROM carts WHERE id IN (?) AND expires_at > ?",
      [[...new Set(ordered.map(({ cartId }) => cartId))], now],
    );
    const versions = new Map(carts.map(({ id, version }) => [id, version]));
    return ordered
      .map((row) => ({ key: row.orderId, row: { ...row, cartVersion: versions.get(row.cartId) ?? null } }))
      .filter(({ row }) => row.cartVersion !== null && row.cartVersion <= row.orderedVersion);
  },
};
