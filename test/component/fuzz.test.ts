import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { ActionContract } from "../../mixins/contract/contract.ts";
import { allContracts } from "../support/all-contracts.ts";
import type { FuzzReport } from "../fuzz/fuzz.ts";
import { fuzz } from "../fuzz/fuzz.ts";
import type { ShopToFuzz } from "../fuzz/shop-to-fuzz.ts";
import { shopToFuzz } from "../fuzz/shop-to-fuzz.ts";

/** Operations that may find nothing to do; other tests cover their effects. */
const mayHaveNothingToDo: ReadonlySet<string> = new Set([
  "users.two-factor.reset",
  "orders.refunds.retry",
  // Most products have no related ones, and none are drawn often.
  "catalog.products.relate",
  // Most products are of no merchant, and so in none of its categories.
  "catalog.products.sort-in",
  // Most products of a collection that is drawn are the same as before: none.
  "catalog.collections.arrange",
  // It sends an event that means nothing.
  "webhooks.test",
]);

/** Most tasks have ended when they are cancelled. */
const isCancelling = (operation: string) => operation.endsWith(".tasks.cancel");

const operations = allContracts.flatMap(({ actions }) =>
  Object.values<ActionContract>(actions).filter(({ route }) => route),
);

let made: ShopToFuzz;
let report: FuzzReport;
beforeAll(async () => {
  made = await shopToFuzz();
  const { shop: _shop, ...reach } = made;
  report = await fuzz({ ...reach, seed: 20_260_101, requests: 16 * operations.length });
}, 300_000);
afterAll(() => made?.shop.stop());

test("whatever is sent, every answer is as the API describes it", () => {
  const { faults, requests, repeated, operations, neverDone, schemas } = report;
  process.stdout.write(
    `${requests} requests and ${repeated} repetitions, ${schemas} schemas; ${operations - neverDone.length} of ${operations} operations succeeded\n`,
  );
  expect(faults).toEqual([]);
  // A short run does not cover everything.
  expect(neverDone.length).toBeLessThan(operations / 3);
});

test("whatever staff have changed is in the audit trail", async () => {
  await made.shop.settled();
  const { database } = made.shop.broker.getLocalService("audit") as Service & ServiceWithDatabase;
  const silent: string[] = [];
  for (const [operation, ids] of Object.entries(report.staffWrites)) {
    const heard = await database.select<{ id: string }>(
      "SELECT DISTINCT request_id AS id FROM audit_events WHERE request_id IN (?)",
      [[...ids]],
    );
    // One or two changes can all be to what there is already.
    const mayBeSilent = mayHaveNothingToDo.has(operation) || isCancelling(operation);
    if (ids.length > 2 && heard.length === 0 && !mayBeSilent)
      silent.push(`${operation}: none of ${ids.length}`);
  }
  expect(silent).toEqual([]);
});
