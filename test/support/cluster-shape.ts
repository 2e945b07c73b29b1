import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { connect } from "amqplib";
import { QueryTypes } from "sequelize";
import type { DataService } from "../../config/database.ts";
import type { Config } from "../../config/index.ts";
import { environmentWith, serviceNames } from "../../config/index.ts";
import { amqpTopology, declareTopology } from "../../mixins/events/amqp-topology.ts";
import { openMysql } from "../../mixins/database/mysql.ts";

/** The settings of the stack on which component tests run, or none for the embedded shape. */
export function clusterSettings(): Record<string, string | undefined> {
  const file = environmentWith({})["SHOP_TEST_SETTINGS"];
  return file ? parseEnv(readFileSync(file, "utf8")) : {};
}

/** Empties every table but the list of migrations, and every queue, so that a test finds a new shop. */
export async function emptyCluster(config: Config): Promise<void> {
  if (config.amqpUrl) await Promise.all([emptyQueues(config.amqpUrl, config), emptyDatabases(config)]);
}

async function emptyQueues(url: string, { namespace, events }: Config): Promise<void> {
  const topology = amqpTopology(namespace, events.backoffMs);
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  await declareTopology(channel, topology);
  for (const { service } of topology.consumers) {
    await channel.purgeQueue(topology.queueOf(service));
    await channel.purgeQueue(topology.deadQueueOf(service));
    for (const attempt of topology.backoffMs.keys()) await channel.purgeQueue(topology.waitingQueueOf(service, attempt + 1));
  }
  await connection.close();
}

async function emptyDatabases({ database }: Config): Promise<void> {
  if (database.engine !== "mysql") return;
  const services = serviceNames.filter((name): name is DataService => name !== "api");
  await Promise.all(
    services.map(async (service) => {
      const schema = database.schema(service);
      const server = openMysql(database.primary, { schema, ...database.migration }, 1);
      const sql = "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? AND table_name <> ?";
      const tables = await server.query<{ name: string }>(sql, {
        type: QueryTypes.SELECT,
        replacements: [schema, "migrations"],
      });
      for (const { name } of tables) await server.query(`DELETE FROM ${name}`);
      await server.close();
    }),
  );
}
