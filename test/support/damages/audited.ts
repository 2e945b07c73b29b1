import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage } from "../damage.ts";
import { insert, one, spoil } from "../damage.ts";

const users = (find: string, statement: string, also?: readonly string[]) =>
  spoil("users", find, statement, also);
const lost = newId();
const customer =
  "SELECT u.id FROM users u WHERE u.status = 'active' AND u.role = 'customer' AND u.id IN (SELECT user_id FROM sessions WHERE ended_at IS NULL) ORDER BY u.id";
const clerk = "SELECT id FROM users WHERE role = 'clerk'";
const open = "SELECT id FROM sessions WHERE ended_at IS NULL ORDER BY id";
const paid = "SELECT id, number AS named FROM orders WHERE status = 'paid' AND refunded = 0 ORDER BY id";
const variant = "SELECT id, sku AS named FROM variants WHERE sku = 'MUG-L'";
const product = "SELECT id, slug AS named FROM products WHERE slug = 'blue-mug'";
const good = "SELECT id FROM api_keys WHERE revoked_at IS NULL";

/** Damages that only the audit trail or another service reveals. */
export const damagesOfAudited: Readonly<Record<string, Damage>> = {
  "audit.accounts: a role is raised": users(customer, "UPDATE users SET role = 'administrator' WHERE id = ?"),
  "audit.accounts: a role is taken away": users(clerk, "UPDATE users SET role = 'customer' WHERE id = ?"),
  "audit.accounts: another address": users(
    customer,
    "UPDATE users SET email = 'someone@example.org' WHERE id = ?",
  ),
  "audit.accounts: enabled again": users(
    "SELECT id FROM users WHERE status = 'disabled'",
    "UPDATE users SET status = 'active' WHERE id = ?",
  ),
  "audit.accounts: its second factor is gone": users(
    "SELECT user_id AS id FROM two_factor WHERE confirmed_at IS NOT NULL",
    "DELETE FROM two_factor WHERE user_id = ?",
    ["two-factor.recovery-codes"],
  ),
  "audit.accounts: nobody opened it": insert(
    "users",
    "users",
    {
      id: lost,
      email: "made@example.org",
      name: "x",
      password_hash: `$argon2id$v=19$m=19456,t=2,p=1$${"a".repeat(22)}$${"a".repeat(43)}`,
      role: "customer",
      status: "active",
      version: 1,
      created_at: Date.now(),
      updated_at: Date.now(),
    },
    lost,
  ),
  "audit.accounts: it is gone": {
    also: ["orders.customers", "carts.customers"],
    async damage({ orders, users: database }) {
      const { id } = await one<{ id: string }>(orders, "SELECT customer_id AS id FROM orders ORDER BY id");
      await database.run("DELETE FROM users WHERE id = ?", id);
      return id;
    },
  },
  "orders.customers": spoil(
    "orders",
    paid.replace("number AS named", `'${lost}' AS named`),
    `UPDATE orders SET customer_id = '${lost}' WHERE id = ?`,
    ["audit.placed", "checkouts.placed"],
  ),
  "carts.customers": spoil(
    "cart",
    `SELECT id, '${lost}' AS named FROM carts WHERE customer_id IS NOT NULL ORDER BY id`,
    `UPDATE carts SET customer_id = '${lost}' WHERE id = ?`,
  ),
  "carts.variants": {
    async damage({ cart }) {
      const { id } = await one<{ id: string }>(cart, "SELECT id FROM carts ORDER BY id");
      await cart.run("INSERT INTO cart_items VALUES (?, ?, ?, 1, 1, 'GBP')", newId(), id, lost);
      return lost;
    },
  },
  "customers.deleted": {
    async damage({ orders, users: database }) {
      const { id } = await one<{ id: string }>(database, customer);
      await orders.run("INSERT INTO deleted_customers VALUES (?, 1)", id);
      return id;
    },
  },
  "audit.sessions: without a login": users(
    open.replace("SELECT id", `SELECT id, '${lost}' AS named`),
    `UPDATE sessions SET id = '${lost}' WHERE id = ?`,
    ["sessions.tokens", "sessions.refresh-tokens", "statistics.sessions"],
  ),
  "audit.sessions: its login cannot be read": {
    also: ["audit.chain"],
    async damage({ audit, users: database }) {
      const { id, user } = await one<{ id: string; user: string }>(
        database,
        open.replace("SELECT id", "SELECT id, user_id AS user"),
      );
      const sql = `UPDATE audit_events SET details = '{"userId' WHERE type = 'users.logged-in' AND entity_id = ? AND details LIKE ?`;
      await audit.run(sql, user, `%${id}%`);
      return id;
    },
  },
  "audit.chain: what a change was cannot be read": spoil(
    "audit",
    "SELECT id FROM audit_events WHERE type = 'orders.coupon-changed' AND details LIKE '%BUSY%'",
    "UPDATE audit_events SET details = '{' WHERE id = ?",
  ),
  "audit.sessions: open again": users(
    "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.ended_at IS NOT NULL AND u.status = 'active'",
    "UPDATE sessions SET ended_at = NULL WHERE id = ?",
    ["statistics.sessions"],
  ),
  "audit.sessions: ended without a trace": users(
    open,
    `UPDATE sessions SET ended_at = ${Date.now() + 600_000} WHERE id = ?`,
    ["statistics.sessions"],
  ),
  "audit.roles: allows more": users(
    "SELECT name AS id FROM roles",
    `UPDATE roles SET permissions = '["users:write","keys:write"]' WHERE name = ?`,
  ),
  "audit.roles: it is gone": users("SELECT name AS id FROM roles", "DELETE FROM roles WHERE name = ?", [
    "users.accounts",
  ]),
  "audit.api-keys: allows more": users(
    good,
    `UPDATE api_keys SET permissions = '["users:write"]' WHERE id = ?`,
  ),
  "audit.api-keys: good for longer": users(
    good,
    "UPDATE api_keys SET expires_at = expires_at + 1000 WHERE id = ?",
  ),
  "audit.api-keys: good again": users(
    "SELECT id FROM api_keys WHERE revoked_at IS NOT NULL",
    "UPDATE api_keys SET revoked_at = NULL WHERE id = ?",
  ),
  "audit.api-keys: nobody made it": insert(
    "users",
    "api_keys",
    {
      id: lost,
      key_hash: "a".repeat(64),
      name: "x",
      hint: "xxxx",
      permissions: "[]",
      created_at: Date.now(),
      expires_at: Date.now() + 1000,
    },
    lost,
  ),
  "audit.catalogue: another price": spoil(
    "catalog",
    variant,
    "UPDATE variants SET price = 100000 WHERE id = ?",
  ),
  "audit.catalogue: another weight": spoil(
    "catalog",
    variant,
    "UPDATE variants SET weight_grams = 5 WHERE id = ?",
  ),
  "audit.catalogue: off the shelf": spoil(
    "catalog",
    product,
    "UPDATE products SET status = 'archived' WHERE id = ?",
    ["products.indexed"],
  ),
  "audit.catalogue: another slug": spoil(
    "catalog",
    product.replace("slug AS named", "id AS named"),
    "UPDATE products SET slug = 'red-mug' WHERE id = ?",
  ),
  "audit.coupons: takes more off": spoil(
    "orders",
    "SELECT id, code AS named FROM coupons WHERE code = 'PEOPLE'",
    "UPDATE coupons SET discount_value = 9000 WHERE id = ?",
  ),
  "audit.coupons: for more orders": spoil(
    "orders",
    "SELECT id, code AS named FROM coupons WHERE code = 'PEOPLE'",
    "UPDATE coupons SET total_limit = NULL WHERE id = ?",
  ),
  "audit.coupons: it is gone": spoil(
    "orders",
    "SELECT id FROM coupons WHERE code = 'PEOPLE'",
    "DELETE FROM coupons WHERE id = ?",
  ),
  "audit.placed: another number": spoil(
    "orders",
    paid.replace("number AS named", "id AS named"),
    "UPDATE orders SET number = 'AAAA-AAAA' WHERE id = ?",
  ),
};
