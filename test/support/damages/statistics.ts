import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage } from "../damage.ts";
import { spoil } from "../damage.ts";

const figures = (find: string, statement: string, also?: readonly string[]) =>
  spoil("statistics", find, statement, also);
const day = "SELECT day AS id FROM sales_days WHERE scope = 'shop' AND orders_paid > 0 ORDER BY day";
const paid =
  "SELECT order_id AS id FROM sales_entries WHERE kind = 'paid' AND merchant_id = '*' ORDER BY order_id";
const open =
  "SELECT MIN(session_id) AS id FROM sessions WHERE ended_at IS NULL GROUP BY user_id HAVING COUNT(*) = 1 ORDER BY 1";

/** Damages to the figures and what they are sums of. */
export const damagesOfStatistics: Readonly<Record<string, Damage>> = {
  "statistics.days": figures(
    day,
    "UPDATE sales_days SET units_paid = units_paid + 1 WHERE scope = 'product' AND day = ?",
  ),
  "statistics.days: of another category": figures(
    day,
    "UPDATE sales_days SET key_id = 'lost' WHERE scope = 'category' AND day = ?",
  ),
  "statistics.counted": figures(day, "DELETE FROM sales_days WHERE day = ?", ["statistics.days"]),
  "statistics.steps": figures(
    paid,
    "DELETE FROM sales_entries WHERE kind = 'paid' AND merchant_id = '*' AND order_id = ?",
    ["statistics.orders"],
  ),
  "statistics.online": figures(
    "SELECT id, online + 1 AS named FROM progress",
    "UPDATE progress SET online = online + 1 WHERE id = ?",
  ),
  "statistics.logins": figures(
    "SELECT day AS id FROM activity_days WHERE logins > 0 ORDER BY day",
    "UPDATE activity_days SET logins = logins + 1 WHERE day = ?",
  ),
  "statistics.peaks": {
    async damage({ statistics }) {
      const [id, closed] = [newId(), "2001-01-01"];
      await statistics.run(
        `INSERT INTO tasks (id, kind, params, origin, state, attempt, run_after, lease_until, done, result, version, created_at,
           updated_at, finished_at) VALUES (?, 'close-day', '{}', '{}', 'succeeded', 1, 1, 0, 0, '{}', 1, 1, 1, 1)`,
        id,
      );
      await statistics.run("INSERT INTO closed_days (day, task_id, late) VALUES (?, ?, 0)", closed, id);
      await statistics.run(
        `INSERT INTO activity_days (day, logins, logouts, revoked, expired, registrations, carts, peak)
         VALUES (?, 0, 0, 0, 0, 0, 0, 3)`,
        closed,
      );
      return closed;
    },
  },
  "statistics.orders": figures(
    paid,
    "UPDATE sales_entries SET amount = amount + 1 WHERE kind = 'placed' AND product_id <> '' AND order_id = ?",
    ["statistics.days"],
  ),
  "statistics.orders: one that nobody placed": {
    async damage({ statistics }) {
      const id = newId();
      await statistics.run(
        `INSERT INTO sales_entries (order_id, kind, ref_id, product_id, merchant_id, category_id, day, happened_at, units,
           amount, discount, shipping) VALUES (?, 'refunded', 'r', '', '', '', '2001-01-01', 1, 0, 1, 0, 0)`,
        id,
      );
      await statistics.run("INSERT INTO sales_orders (order_id, touched_day) VALUES (?, '2001-01-01')", id);
      return id;
    },
    also: ["statistics.counted"],
  },
  "statistics.sessions": figures(
    open.replace("MIN(session_id) AS id", "MIN(session_id) AS id, user_id AS named"),
    "UPDATE sessions SET ended_at = 1, ended_day = '2001-01-01', ended_as = 'revoked' WHERE session_id = ?",
    ["statistics.online"],
  ),
};
