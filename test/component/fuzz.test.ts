import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { FuzzReport } from "../fuzz/fuzz.ts";
import { fuzz } from "../fuzz/fuzz.ts";
import type { ShopToFuzz } from "../fuzz/shop-to-fuzz.ts";
import { shopToFuzz } from "../fuzz/shop-to-fuzz.ts";

/** What these are to undo is not there as a rule; tests of their own see that they tell of it when it is. */
const mayHaveNothingToDo: ReadonlySet<string> = new Set(["users.two-factor.reset", "catalog.tasks.cancel", "audit.tasks.cancel"]);

let made: ShopToFuzz;
let report: FuzzReport;
beforeAll(async () => {
  made = await shopToFuzz();
  const { shop: _shop, ...reach } = made;
  report = await fuzz({ ...reach, seed: 20_260_101, requests: 1000 });
}, 300_000);
afterAll(() => made?.shop.stop());

test("whatever is sent, every answer is as the API describes it", () => {
  const { faults, requests, repeated, operations, neverDone, schemas } = report;
  process.stdout.write(`${requests} requests and ${repeated} repetitions, ${schemas} schemas; ${operations - neverDone.length} of ${operations} operations succeeded\n`);
  expect(faults).toEqual([]);
  // A run this short leaves some to chance.
  expect(neverDone.length).toBeLessThan(operations / 3);
});

test("whatever staff have changed is in the audit trail", async () => {
  await made.shop.settled();
  const { database } = made.shop.broker.getLocalService("audit") as Service & ServiceWithDatabase;
  const silent: string[] = [];
  for (const [operation, ids] of Object.entries(report.staffWrites)) {
    const heard = await database.select<{ id: string }>("SELECT DISTINCT request_id AS id FROM audit_events WHERE request_id IN (?)", [[...ids]]);
    if (heard.length === 0 && !mayHaveNothingToDo.has(operation)) silent.push(`${operation}: none of ${ids.length}`);
  }
  expect(silent).toEqual([]);
});
