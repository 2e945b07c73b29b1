import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { fill } from "../bench/data/bulk-insert.ts";
import { productRows } from "../bench/data/catalogue.ts";
import { growOrders } from "../bench/data/history.ts";
import { clusterSettings } from "../support/cluster-shape.ts";
import type { Scan } from "../support/query-plans.ts";
import { describeScans, scansInSqlite } from "../support/query-plans.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import type { RecordedStatement } from "../support/statements.ts";
import { planTour } from "../support/tour-plans.ts";

/** More than are few: see `listPage`. */
const many = 1100;

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "1" } });
});
afterAll(() => shop?.stop());

const databaseOf = (name: string) => (shop.broker.getLocalService(name) as Service & ServiceWithDatabase).database;
const scansOf = async (statement: RecordedStatement): Promise<Scan[]> => scansInSqlite(statement, databaseOf(statement.service));

const onSqlite = Object.keys(clusterSettings()).length === 0 ? test : test.skip;

onSqlite("SQLite reads no table as a whole that grows with the shop", async () => {
  await fill(databaseOf("catalog"), many, productRows);
  await growOrders(databaseOf("orders"), many);
  const { statements, scans } = await planTour(shop.broker, () => shop.settled(), scansOf);
  expect(statements).toBeGreaterThan(100);
  // A column without an index: the check sees a scan where there is one.
  const scan = { service: "catalog", sql: "SELECT id FROM products WHERE description = ?", values: ["x"], from: "here" };
  expect(await scansOf(scan)).toHaveLength(1);
  expect(describeScans(scans)).toEqual([]);
}, 60_000);

onSqlite("the audit trail of one kind of thing is not sorted to be shown, however long it is", async () => {
  const sql = "SELECT id FROM audit_events WHERE entity = ? ORDER BY occurred_at DESC, id DESC LIMIT 21";
  const steps = await databaseOf("audit").select<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ["order"]);
  expect(steps.map(({ detail }) => detail)).toEqual([expect.stringContaining("audit_by_kind")]);
});
