import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { ServiceBroker } from "moleculer";
import { QueryTypes } from "sequelize";
import { loadConfig } from "../../config/index.ts";
import type { Config } from "../../config/index.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import { openMysql } from "../../mixins/database/mysql/open.ts";
import { eventTransport } from "../../mixins/events/open-event-transport.ts";
import { createNode } from "../../services/node/create-node.ts";
import { fillCatalogue } from "../bench/data/catalogue.ts";
import { closeData, withData } from "../bench/data/databases.ts";
import { growOrders, growTrail } from "../bench/data/history.ts";
import type { Scan } from "../support/query-plans.ts";
import { describeScans, scansInMysql } from "../support/query-plans.ts";
import type { RecordedStatement } from "../support/statements.ts";
import { operator } from "../support/shop.ts";
import { statementsOf } from "../support/statements.ts";
import { planTour, stockLists } from "../support/tour-plans.ts";
import { until } from "./processes.ts";
import { giveBack, takeStack } from "./stack-for-tests.ts";

/** Enough rows that the server prefers an existing index to a table scan. */
const products = 10_000;
const orders = 20_000;
const entries = 20_000;
const tables: Readonly<Record<string, string>> = {
  catalog:
    "products, variants, stock, stock_movements, search_documents, search_candidates, search_postings, search_words, search_names",
  orders: "orders, order_lines",
  audit: "audit_events",
};

let stack: Stack;
let config: Config;
let broker: ServiceBroker;

beforeAll(async () => {
  stack = await takeStack();
  config = loadConfig({
    ...stack.environment,
    PORT: "0",
    HOST: "127.0.0.1",
    LOG_LEVEL: "error",
    DEMO_DATA: "false",
  });
  await withData(config, "catalog", (database) => fillCatalogue(database, products));
  await withData(config, "orders", (database) => growOrders(database, orders));
  await withData(config, "audit", (database) => growTrail(database, entries));
  for (const [service, names] of Object.entries(tables)) await analyze(service, names);
  broker = await createNode(config);
  await broker.start();
}, 600_000);

afterAll(async () => {
  await broker?.stop();
  await closeData();
  await giveBack(stack);
}, 240_000);

test("MariaDB reads no table as a whole that grows with the shop", async () => {
  const { statements, scans } = await planTour(
    broker,
    async () => until(async () => (await eventTransport(broker).backlog()) === 0),
    scansOf,
  );
  expect(statements).toBeGreaterThan(100);
  // A column without an index verifies that the check detects scans.
  const scan = {
    service: "catalog",
    sql: "SELECT id FROM products WHERE description = ?",
    values: ["x"],
    from: "here",
  };
  expect(await scansOf(scan)).toHaveLength(1);
  expect(describeScans(scans)).toEqual([]);
}, 600_000);

// Everything is in stock here, so any index may serve the filter.
test.each(stockLists.filter(({ inStock }) => !inStock))(
  "MariaDB reads a list of products with %j along an index that knows what is in stock",
  async (asked) => {
    const [page] = await statementsOf(() =>
      broker.call("catalog.products.list", asked, { meta: { caller: operator } }),
    );
    const steps = await withData(config, "catalog", (database) =>
      database.select<{ table: string; type: string }>(`EXPLAIN ${page?.sql}`, page?.values ?? []),
    );
    const [sellers, others] = [
      steps.filter(({ table }) => table === "seller"),
      steps.filter(({ table }) => table !== "seller"),
    ];
    // Without any merchant the engine may leave them out.
    expect(sellers.every(({ type }) => type === "eq_ref")).toBe(true);
    expect(others).toEqual([
      expect.objectContaining({ table: "p", key: expect.stringMatching(/^products_stocked_by_/) as unknown }),
      expect.objectContaining({ table: "brand", type: "eq_ref" }),
    ]);
  },
);

async function scansOf(statement: RecordedStatement): Promise<Scan[]> {
  const { service, values } = statement;
  return scansInMysql(statement, (sql) =>
    withData(config, service, (database) => database.select(sql, values)),
  );
}

async function analyze(service: string, names: string): Promise<void> {
  const { database } = config;
  if (database.engine !== "mysql") throw new Error("this is not a cluster");
  const server = openMysql(database.primary, { schema: database.schema(service), ...database.migration }, 1);
  await server.query(`ANALYZE TABLE ${names}`, { type: QueryTypes.SELECT });
  await server.close();
}
