import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import type { CrossServiceInvariant } from "../across-services.ts";

export const orderedGoodsLeaveTheCart: CrossServiceInvariant = {
  code: "carts.ordered",
  says: "A cart that became an order has a later version without the ordered items",
  of: ["orders", "cart"],
  about: "order",
  subjects: [{ service: "orders", table: "orders", key: "id" }],
  async disagreements({ orders, cart }, scope, { now }) {
    const { sql, values } = scopeCondition("o.id", scope);
    const ordered = await orders.select<{
      number: string;
      orderId: string;
      cartId: string;
      orderedVersion: number;
    }>(
      `SELECT o.number, o.id AS orderId, c.cart_id AS cartId, c.cart_version AS orderedVersion
       FROM orders o JOIN ordered_carts c ON c.cart_id = o.cart_id AND c.order_id = o.id WHERE ${sql}`,
      values,
    );
    if (ordered.length === 0) return [];
    // Expired carts stay unchanged until their removal.
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
