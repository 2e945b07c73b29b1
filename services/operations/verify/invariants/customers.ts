import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import type { Disagreement, CrossServiceInvariant } from "../across-services.ts";

interface Bought {
  readonly customerId: string;
  readonly orders: number;
  readonly orderId: string;
}

export const ordersHaveCustomers: CrossServiceInvariant = {
  code: "orders.customers",
  says: "Every order belongs to an existing account or guest, or to the remainder of a deleted one",
  of: ["orders", "users"],
  about: "account",
  subjects: [{ service: "orders", table: "orders", key: "customer_id" }],
  async disagreements({ orders, users }, scope) {
    const { sql, values } = scopeCondition("customer_id", scope);
    const bought = await orders.select<Bought>(
      `SELECT customer_id AS customerId, COUNT(*) AS orders, MIN(id) AS orderId FROM orders WHERE ${sql} GROUP BY customer_id`,
      values,
    );
    const known = scopeCondition("id", scope);
    const accounts = await users.select<{ id: string }>(
      `SELECT id FROM users WHERE ${known.sql} UNION ALL SELECT id FROM guests WHERE ${known.sql}`,
      [...known.values, ...known.values],
    );
    const ids = new Set(accounts.map(({ id }) => id));
    return bought
      .filter(({ customerId }) => !ids.has(customerId))
      .map((row) => ({ key: row.customerId, row: { ...row } }));
  },
};

interface Claimed {
  readonly guestId: string;
  readonly userId: string;
}

export const claimedGuestsAreMoved: CrossServiceInvariant = {
  code: "guests.claimed",
  says: "A guest whom an account has claimed is that account's in orders too",
  of: ["orders", "users"],
  about: "account",
  subjects: [{ service: "users", table: "guests", key: "claimed_by", where: "claimed_by IS NOT NULL" }],
  async disagreements({ orders, users }, scope) {
    const { sql, values } = scopeCondition("claimed_by", scope);
    const claimed = await users.select<Claimed>(
      `SELECT id AS guestId, claimed_by AS userId FROM guests WHERE ${sql}`,
      values,
    );
    if (claimed.length === 0) return [];
    const moved = await orders.select<Claimed>(
      "SELECT guest_id AS guestId, claimed_by AS userId FROM guests WHERE guest_id IN (?)",
      [claimed.map(({ guestId }) => guestId)],
    );
    const accountOf = new Map(moved.map(({ guestId, userId }) => [guestId, userId]));
    return claimed
      .filter(({ guestId, userId }) => accountOf.get(guestId) !== userId)
      .map((row) => ({ key: row.userId, row: { ...row } }));
  },
};

interface Kept {
  readonly customerId: string;
  readonly cartId: string;
}

export const cartsHaveCustomers: CrossServiceInvariant = {
  code: "carts.customers",
  says: "Every cart of a customer belongs to an existing account",
  of: ["cart", "users"],
  about: "account",
  subjects: [{ service: "cart", table: "carts", key: "customer_id", where: "customer_id IS NOT NULL" }],
  async disagreements({ cart, users }, scope) {
    const { sql, values } = scopeCondition("customer_id", scope);
    const carts = await cart.select<Kept>(
      `SELECT customer_id AS customerId, id AS cartId FROM carts WHERE ${sql}`,
      values,
    );
    const known = scopeCondition("id", scope);
    const accounts = await users.select<{ id: string }>(
      `SELECT id FROM users WHERE ${known.sql}`,
      known.values,
    );
    const ids = new Set(accounts.map(({ id }) => id));
    return carts
      .filter(({ customerId }) => !ids.has(customerId))
      .map((row) => ({ key: row.customerId, row: { ...row } }));
  },
};

export const onlyDeletedAreForgotten: CrossServiceInvariant = {
  code: "customers.deleted",
  says: "Only customers who have deleted their accounts, and guests who were deleted, are scheduled for erasure",
  of: ["orders", "users"],
  about: "account",
  subjects: [{ service: "orders", table: "deleted_customers", key: "customer_id" }],
  async disagreements({ orders, users }, scope) {
    const { sql, values } = scopeCondition("customer_id", scope);
    const deletedRows = await orders.select<{ id: string }>(
      `SELECT customer_id AS id FROM deleted_customers WHERE ${sql}`,
      values,
    );
    if (deletedRows.length === 0) return [];
    const inUse = await users.select<{ id: string; status: string }>(
      `SELECT id, status FROM users WHERE id IN (?) AND status <> 'deleted'
       UNION ALL SELECT id, 'guest' FROM guests WHERE id IN (?) AND deleted_at IS NULL`,
      [deletedRows.map(({ id }) => id), deletedRows.map(({ id }) => id)],
    );
    return inUse.map(({ id, status }) => ({ key: id, row: { customerId: id, status } }));
  },
};

interface Item {
  readonly itemId: string;
  readonly cartId: string;
  readonly variantId: string;
}

export const cartsHoldVariants: CrossServiceInvariant = {
  code: "carts.variants",
  says: "Every variant in a cart exists, or was removed by staff",
  of: ["cart", "catalog", "audit"],
  about: "catalogue",
  subjects: [{ service: "cart", table: "cart_items", key: "id" }],
  async disagreements({ cart, catalog, audit }, scope) {
    // Rechecks select by variant, first checks by item.
    const { sql, values } = scopeCondition("keys" in scope ? "variant_id" : "id", scope);
    const items = await cart.select<Item>(
      `SELECT id AS itemId, cart_id AS cartId, variant_id AS variantId FROM cart_items WHERE ${sql}`,
      values,
    );
    const wanted = [...new Set(items.map(({ variantId }) => variantId))];
    if (wanted.length === 0) return [];
    const sold = await catalog.select<{ id: string }>("SELECT id FROM variants WHERE id IN (?)", [wanted]);
    const known = new Set(sold.map(({ id }) => id));
    const missing = wanted.filter((id) => !known.has(id));
    if (missing.length === 0) return [];
    const removed = await audit.select<{ id: string }>(
      "SELECT entity_id AS id FROM audit_events WHERE entity = 'variant' AND type = 'catalog.changed' AND entity_id IN (?)",
      [missing],
    );
    for (const { id } of removed) known.add(id);
    return items
      .filter(({ variantId }) => !known.has(variantId))
      .map((row): Disagreement => ({ key: row.variantId, row: { ...row } }));
  },
};
