import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { connect } from "amqplib";
import { Redis } from "ioredis";
import type { RowDataPacket } from "mysql2/promise";
import { createConnection } from "mysql2/promise";
import type { Config } from "../../config/index.ts";
import { environmentWith } from "../../config/index.ts";
import { amqpTopology, declareTopology } from "../../mixins/events/amqp-topology.ts";
import { allContracts } from "./all-contracts.ts";
import { dataServices } from "./data-services.ts";

/**
 * Settings file of the stack for component tests; undefined for the embedded shape. `SHOP_TEST_SETTINGS`
 * lists one per Jest worker, separated by colons: a test empties its stack, so tests cannot share one.
 */
export function clusterSettingsFile(): string | undefined {
  const { SHOP_TEST_SETTINGS: files, JEST_WORKER_ID: worker } = environmentWith({});
  if (!files) return undefined;
  const file = files.split(":")[Number(worker ?? 1) - 1];
  if (!file) throw new Error(`SHOP_TEST_SETTINGS names no stack for Jest worker ${worker}`);
  return file;
}

/** The settings of the stack on which component tests run, or none for the embedded shape. */
export function clusterSettings(): Record<string, string | undefined> {
  const file = clusterSettingsFile();
  return file ? parseEnv(readFileSync(file, "utf8")) : {};
}

export const onCluster = clusterSettingsFile() !== undefined;

/**
 * Empties every table except the migrations, every queue, and Redis, so that a test has a new shop.
 * Rate-limit counters of earlier tests would affect it.
 */
export async function emptyCluster(config: Config): Promise<void> {
  if (config.amqpUrl)
    await Promise.all([emptyQueues(config.amqpUrl, config), emptyDatabases(config), emptyRedis(config)]);
}

async function emptyRedis({ redisUrl }: Config): Promise<void> {
  if (redisUrl === undefined) return;
  const redis = new Redis(redisUrl);
  await redis.flushdb();
  redis.disconnect();
}

async function emptyQueues(url: string, { namespace, events }: Config): Promise<void> {
  const topology = amqpTopology(allContracts, namespace, events.backoffMs);
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  await declareTopology(channel, topology);
  for (const { service } of topology.consumers) {
    await channel.purgeQueue(topology.queueOf(service));
    await channel.purgeQueue(topology.deadQueueOf(service));
    for (const attempt of topology.backoffMs.keys())
      await channel.purgeQueue(topology.retryQueueOf(service, attempt + 1));
  }
  await connection.close();
}

/** One connection and two round trips for all schemas, since every test begins with it. */
async function emptyDatabases({ database }: Config): Promise<void> {
  if (database.engine !== "mysql") return;
  const { host, port } = database.primary;
  const connection = await createConnection({
    host,
    port,
    ...database.migration,
    multipleStatements: true,
    connectTimeout: 60_000,
  });
  const schemas = dataServices.map((service) => database.schema(service));
  const [tables] = await connection.query<(RowDataPacket & { table: string })[]>(
    `SELECT CONCAT('\`', table_schema, '\`.\`', table_name, '\`') AS \`table\` FROM information_schema.tables
     WHERE table_schema IN (?) AND table_name <> 'migrations'`,
    [schemas],
  );
  if (tables.length > 0) await connection.query(tables.map(({ table }) => `DELETE FROM ${table}`).join("; "));
  await connection.end();
}
