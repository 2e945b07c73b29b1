import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServiceBroker } from "moleculer";
import { QueryTypes } from "sequelize";
import { loadConfig } from "../../config/index.ts";
import type { Config } from "../../config/index.ts";
import { startStack, stopStack } from "../../deploy/local/stack.ts";
import type { DataService } from "../../config/database.ts";
import { openMysql } from "../../mixins/database/mysql.ts";
import { eventTransport } from "../../mixins/events/event-transport.ts";
import { createNode } from "../../services/node/create-node.ts";
import { migrateUp } from "../../services/node/migrate.ts";
import { fillCatalogue } from "../bench/data/catalogue.ts";
import { closeData, withData } from "../bench/data/databases.ts";
import { growOrders, growTrail } from "../bench/data/history.ts";
import type { Scan } from "../support/query-plans.ts";
import { describeScans, scansInMysql } from "../support/query-plans.ts";
import type { RecordedStatement } from "../support/statements.ts";
import { planTour } from "../support/tour-plans.ts";
import { until } from "./processes.ts";

/** Enough rows that the server prefers an index to reading them all, where there is one. */
const products = 10_000;
const orders = 20_000;
const entries = 20_000;
const tables: Partial<Record<DataService, string>> = {
  catalog: "products, variants, stock, stock_movements, product_terms",
  orders: "orders, order_lines",
  audit: "audit_events",
};

let directory: string;
let config: Config;
let broker: ServiceBroker;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "query-plans-"));
  const stack = await startStack({ directory, fast: true });
  config = loadConfig({ ...stack.environment, PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "error", DEMO_DATA: "false" });
  await migrateUp(config, () => undefined);
  await withData(config, "catalog", (database) => fillCatalogue(database, products));
  await withData(config, "orders", (database) => growOrders(database, orders));
  await withData(config, "audit", (database) => growTrail(database, entries));
  for (const [service, names] of Object.entries(tables)) await analyze(service as DataService, names);
  broker = await createNode(config);
  await broker.start();
}, 240_000);

afterAll(async () => {
  await broker?.stop();
  await closeData();
  await stopStack({ directory, purge: true });
}, 60_000);

test("MariaDB reads no table as a whole that grows with the shop", async () => {
  const { statements, scans } = await planTour(broker, async () => until(async () => (await eventTransport(broker).backlog()) === 0), scansOf);
  expect(statements).toBeGreaterThan(100);
  // A column without an index: the check sees a scan where there is one.
  const scan = { service: "catalog", sql: "SELECT id FROM products WHERE description = ?", values: ["x"], from: "here" };
  expect(await scansOf(scan)).toHaveLength(1);
  expect(describeScans(scans)).toEqual([]);
}, 180_000);

async function scansOf(statement: RecordedStatement): Promise<Scan[]> {
  const { service, values } = statement;
  return scansInMysql(statement, (sql) => withData(config, service as DataService, (database) => database.select(sql, values)));
}

async function analyze(service: DataService, names: string): Promise<void> {
  const { database } = config;
  if (database.engine !== "mysql") throw new Error("this is not a cluster");
  const server = openMysql(database.primary, { schema: database.schema(service), ...database.migration }, 1);
  await server.query(`ANALYZE TABLE ${names}`, { type: QueryTypes.SELECT });
  await server.close();
}
