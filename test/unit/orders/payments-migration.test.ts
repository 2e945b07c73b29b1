import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Sequelize } from "sequelize";
import { QueryTypes } from "sequelize";
import { migrator } from "../../../mixins/database/migrate.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";
import { orders } from "../../../services/orders/data/migrations/0001-orders.ts";
import { payments } from "../../../services/orders/data/migrations/0004-payments.ts";

describe("the migration that gives refunds rows of their own", () => {
  let directory: string;
  let server: Sequelize;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "shop-migration-"));
    server = openSqlite(join(directory, "orders.sqlite"));
    await (await migrator(server, [orders])).up();
    await order("cancelled", "cancelled", 2000);
    await order("sent-back", "paid", 700);
    await order("kept", "paid", 0);
    await order("unpaid", "placed", 0, false);
    await server.query(
      "INSERT INTO returns VALUES ('r1', 'sent-back', 500, 'GBP', 'restocked', 'Too small', 20)",
    );
    await server.query(
      "INSERT INTO returns VALUES ('r2', 'sent-back', 200, 'GBP', 'discarded', 'Broken', 21)",
    );
    await server.query(
      "INSERT INTO returns VALUES ('r3', 'sent-back', 0, 'GBP', 'discarded', 'Free of charge', 22)",
    );
  });
  afterEach(async () => {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function order(id: string, status: string, refunded: number, isPaid = true): Promise<void> {
    const sql = `INSERT INTO orders VALUES (?, ?, 'ada', ?, 'GBP', 2000, 0, 0, 333, 2000, ?, NULL, '{}', NULL, 'cart', 2, 1, 15)`;
    await server.query(sql, { replacements: [id, id, status, refunded] });
    if (isPaid)
      await server.query("INSERT INTO payments VALUES (?, ?, 'manual', 'bank', 2000, 'GBP', 10)", {
        replacements: [`p-${id}`, id],
      });
  }
  const rows = (sql: string) => server.query(sql, { type: QueryTypes.SELECT });
  const refunds = () =>
    rows("SELECT id, payment_id AS payment, amount, cause, reason, status FROM refunds ORDER BY id");

  test("earlier refunds become refund rows of their payment, so that all sums agree", async () => {
    await (await migrator(server, [orders, payments])).up();
    expect(
      await rows(
        "SELECT id, status, amount, refunded, started_at AS began, paid_at AS paid FROM payments ORDER BY id",
      ),
    ).toEqual([
      { id: "p-cancelled", status: "succeeded", amount: 2000, refunded: 2000, began: 10, paid: 10 },
      { id: "p-kept", status: "succeeded", amount: 2000, refunded: 0, began: 10, paid: 10 },
      { id: "p-sent-back", status: "succeeded", amount: 2000, refunded: 700, began: 10, paid: 10 },
    ]);
    expect(await refunds()).toEqual([
      {
        id: "cancelled",
        payment: "p-cancelled",
        amount: 2000,
        cause: "cancellation",
        reason: null,
        status: "succeeded",
      },
      {
        id: "r1",
        payment: "p-sent-back",
        amount: 500,
        cause: "return",
        reason: "Too small",
        status: "succeeded",
      },
      {
        id: "r2",
        payment: "p-sent-back",
        amount: 200,
        cause: "return",
        reason: "Broken",
        status: "succeeded",
      },
    ]);
  });

  test("there and back and there again comes to the same", async () => {
    const steps = await migrator(server, [orders, payments]);
    await steps.up();
    const before = [await refunds(), await rows("SELECT * FROM payments ORDER BY id")];
    await steps.down();
    await steps.up();
    expect([await refunds(), await rows("SELECT * FROM payments ORDER BY id")]).toEqual(before);
  });
});
