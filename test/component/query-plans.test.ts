import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { watchStatements } from "../../mixins/database/watch-statements.ts";
import { clusterSettings } from "../support/cluster-shape.ts";
import type { Scan } from "../support/query-plans.ts";
import { describeScans, hasPlan, scansInSqlite } from "../support/query-plans.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import type { RecordedStatement } from "../support/statements.ts";
import { StatementRecorder } from "../support/statements.ts";
import { tourTheShop } from "../support/tour.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "1" } });
});
afterAll(() => shop?.stop());

async function scansOf(statement: RecordedStatement): Promise<Scan[]> {
  const { database } = shop.broker.getLocalService(statement.service) as Service & ServiceWithDatabase;
  return scansInSqlite(statement, database);
}

const onSqlite = Object.keys(clusterSettings()).length === 0 ? test : test.skip;

onSqlite("SQLite reads no table as a whole that grows with the shop", async () => {
  const recorder = new StatementRecorder();
  const stop = watchStatements(recorder.note);
  await tourTheShop(shop.broker);
  await shop.settled();
  stop();

  const statements = recorder.all.filter(hasPlan);
  expect(statements.length).toBeGreaterThan(100);
  // A column without an index: the check sees a scan where there is one.
  const scan = { service: "catalog", sql: "SELECT id FROM products WHERE description = ?", values: ["x"], from: "here" };
  expect(await scansOf(scan)).toHaveLength(1);
  const scans: Scan[] = [];
  for (const statement of statements) scans.push(...(await scansOf(statement)));
  expect(describeScans(scans)).toEqual([]);
}, 60_000);

onSqlite("the audit trail of one kind of thing is not sorted to be shown, however long it is", async () => {
  const { database } = shop.broker.getLocalService("audit") as Service & ServiceWithDatabase;
  const sql = "SELECT id FROM audit_events WHERE entity = ? ORDER BY occurred_at DESC, id DESC LIMIT 21";
  const steps = await database.select<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ["order"]);
  expect(steps.map(({ detail }) => detail)).toEqual([expect.stringContaining("audit_by_kind")]);
});
