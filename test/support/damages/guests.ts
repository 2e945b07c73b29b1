import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage } from "../damage.ts";
import { insert, one, spoil } from "../damage.ts";

const open = "SELECT id FROM guests WHERE email IS NOT NULL ORDER BY id";
const claimed = "SELECT id FROM guests WHERE claimed_by IS NOT NULL ORDER BY id";
const lost = newId();
const users = (find: string, statement: string, also?: readonly string[]) =>
  spoil("users", find, statement, also);

/** Damages to customers without an account. */
export const damagesOfGuests: Readonly<Record<string, Damage>> = {
  "guests.addresses: not in its normal form": users(
    open,
    "UPDATE guests SET email = 'Ada@Example.org' WHERE id = ?",
  ),
  "guests.addresses: claimed, and the address is still there": users(
    claimed,
    "UPDATE guests SET email = 'ada@example.org' WHERE id = ?",
  ),
  "guests.addresses: claimed by nobody": users(
    claimed,
    `UPDATE guests SET claimed_by = '${lost}' WHERE id = ?`,
    ["guests.claimed"],
  ),
  "guests.addresses: deleted at no time": users(
    "SELECT id FROM guests WHERE deleted_at IS NOT NULL",
    "UPDATE guests SET deleted_at = NULL WHERE id = ?",
    ["customers.deleted"],
  ),
  "guests.orders: of a guest whom an account has claimed": {
    async damage({ users: database }) {
      const { id } = await one<{ id: string }>(database, claimed);
      await database.run(
        "INSERT INTO guest_orders (order_id, guest_id, number, placed_at) VALUES (?, ?, 'K7Q2-9XMD', 1)",
        lost,
        id,
      );
      return lost;
    },
  },
  "guests.tokens: of an unknown order": insert(
    "users",
    "order_tokens",
    { token_hash: "a".repeat(64), order_id: lost, guest_id: lost, expires_at: 1 },
    lost,
  ),
  "guests.tokens: not hashed": users(
    "SELECT token_hash AS id, order_id AS named FROM order_tokens",
    "UPDATE order_tokens SET token_hash = 'ot_secret' WHERE token_hash = ?",
  ),
  "guests.claimed: not in orders": {
    also: ["audit.placed", "checkouts.placed"],
    async damage({ orders, users: database }) {
      const { id } = await one<{ id: string }>(database, claimed);
      await orders.run("UPDATE guests SET claimed_by = NULL, claimed_at = NULL WHERE guest_id = ?", id);
      return id;
    },
  },
  "orders.guests: an order of a guest whom an account has claimed": {
    async damage({ orders }) {
      const guest = await one<{ id: string; account: string }>(
        orders,
        "SELECT guest_id AS id, claimed_by AS account FROM guests WHERE claimed_by IS NOT NULL",
      );
      const moved = await one<{ id: string }>(
        orders,
        "SELECT id FROM orders WHERE customer_id = ?",
        guest.account,
      );
      await orders.run("UPDATE orders SET customer_id = ? WHERE id = ?", guest.id, moved.id);
      return moved.id;
    },
  },
  "orders.guests: a guest's order of nobody": {
    async damage({ orders }) {
      const { id } = await one<{ id: string }>(
        orders,
        "SELECT id FROM orders WHERE contact_email IS NOT NULL",
      );
      const sql = "DELETE FROM guests WHERE guest_id = (SELECT customer_id FROM orders WHERE id = ?)";
      await orders.run(sql, id);
      return id;
    },
  },
  "orders.guests: a phone without an address": spoil(
    "orders",
    "SELECT id FROM orders WHERE contact_email IS NULL ORDER BY id",
    "UPDATE orders SET contact_phone = '+8613800138000' WHERE id = ?",
  ),
  "orders.claimed-guests: at no time": spoil(
    "orders",
    "SELECT guest_id AS id FROM guests WHERE claimed_by IS NOT NULL",
    "UPDATE guests SET claimed_at = NULL WHERE guest_id = ?",
  ),
};
