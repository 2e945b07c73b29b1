import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Sequelize } from "sequelize";
import { QueryTypes } from "sequelize";
import { migrator } from "../../../mixins/database/migrate.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";
import { migrations } from "../../../services/orders/data/migrations/index.ts";

const names = migrations.map(({ name }) => name);
const before = migrations.slice(0, names.indexOf("0014-order-parts.expand"));
const until = migrations.slice(0, names.indexOf("0015-receipts.expand") + 1);

let directory: string;
let server: Sequelize;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "shop-migration-"));
  server = openSqlite(join(directory, "orders.sqlite"));
  await (await migrator(server, before)).up();
});
afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

const rows = (sql: string) => server.query(sql, { type: QueryTypes.SELECT });
async function insert(table: string, row: Record<string, string | number | null>): Promise<void> {
  const marks = Object.keys(row).map(() => "?");
  const sql = `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${marks.join(", ")})`;
  await server.query(sql, { replacements: Object.values(row) });
}

/** As the version before writes it. */
async function order(id: string, status: string, refunded: number): Promise<void> {
  const amounts = { subtotal: 2000, discount: 100, shipping: 495, tax: 400, total: 2395, refunded };
  const times = { placed_at: 10, updated_at: 20, version: 2 };
  const about = { number: id, customer_id: "ada", status, currency: "GBP", address: "{}", cart_id: id };
  await insert("orders", { id, ...about, ...amounts, ...times });
  const goods = { variant_id: "v", product_id: "p", sku: "S", name: "Mug", options: "{}" };
  const counts = { quantity: 1, returned_quantity: 0, unit_price: 2000, discount: 100 };
  await insert("order_lines", { id: `line-${id}`, order_id: id, line_no: 0, ...goods, ...counts });
  const step = { order_version: 2, event: status, actor: "x", happened_at: 20 };
  await insert("timeline", { id: `step-${id}`, order_id: id, ...step });
}

async function refund(id: string, orderId: string, amount: number, cause: string): Promise<void> {
  const state = { status: "succeeded", attempts: 0, round: 0, refused: 0, next_try_at: 1, requested_at: 1 };
  await insert("refunds", {
    id,
    order_id: orderId,
    payment_id: "p",
    amount,
    currency: "GBP",
    cause,
    ...state,
  });
}

test("existing orders become one part of the shop itself, forward, back and forward again", async () => {
  await order("unpaid", "placed", 0);
  await order("gone", "expired", 0);
  await order("sent", "shipped", 500);
  await order("kept", "delivered", 0);
  await order("off", "cancelled", 2395);
  await refund("r1", "sent", 500, "staff");
  await refund("r2", "off", 2395, "cancellation");
  await refund("r3", "gone", 2395, "late-payment");
  const found = async () => ({
    parts: await rows(
      `SELECT id, order_id = id AS own, merchant_id AS merchant, status, total, refunded, receivable_since AS since
       FROM order_parts ORDER BY id`,
    ),
    shares: await rows(
      "SELECT refund_id AS refund, part_id AS part, amount FROM refund_parts ORDER BY refund_id",
    ),
    due: await rows("SELECT id FROM timeline WHERE parts_due = 1"),
  });
  const part = { own: 1, merchant: null, total: 2395, since: null };
  const expected = {
    parts: [
      { ...part, id: "kept", status: "delivered", refunded: 0, since: 20 },
      { ...part, id: "off", status: "cancelled", refunded: 2395 },
      { ...part, id: "sent", status: "shipped", refunded: 500, since: 20 },
    ],
    shares: [
      { refund: "r1", part: "sent", amount: 500 },
      { refund: "r2", part: "off", amount: 2395 },
    ],
    due: [],
  };
  await (await migrator(server, until)).up();
  expect(await found()).toEqual(expected);
  await (await migrator(server, until)).down({ to: "0014-order-parts.expand" });
  expect(await rows("SELECT name FROM sqlite_master WHERE name IN ('order_parts', 'refund_parts')")).toEqual(
    [],
  );
  await (await migrator(server, until)).up();
  expect(await found()).toEqual(expected);
});

test("what a node of the version before writes from then on is marked for completion", async () => {
  await (await migrator(server, until)).up();
  await order("late", "paid", 0);
  expect(await rows("SELECT order_id AS late FROM timeline WHERE parts_due = 1")).toEqual([{ late: "late" }]);
  expect(await rows("SELECT part_id AS part, merchant_id AS merchant, shipping FROM order_lines")).toEqual([
    { part: null, merchant: null, shipping: 0 },
  ]);
  expect(await rows("SELECT received_at AS at, after_sales AS held, to_review AS open FROM orders")).toEqual([
    { at: null, held: 0, open: 0 },
  ]);
});
