import { createConnection } from "mysql2/promise";
import type { DataService } from "../../config/database.ts";
import type { Config } from "../../config/index.ts";
import { ConfigError, loadConfig, serviceNames } from "../../config/index.ts";
import type { Migration } from "../../mixins/database/migrate.ts";
import { migrator } from "../../mixins/database/migrate.ts";
import { openMysql } from "../../mixins/database/mysql.ts";
import { openSqlite } from "../../mixins/database/sqlite.ts";

/**
 * `node services/node/migrate.ts [up|down|status] [service…]`: brings the schemas of all or some services to the state
 * that this version needs, takes the last step back, or shows what has run. In the cluster shape it works as the
 * migration user, and of several at once one does the work while the others wait.
 */

const dataServices = serviceNames.filter((name): name is DataService => name !== "api");
const lockTimeoutSeconds = 60;

type Say = (line: string) => void;

/** Migrates all services up; what `npm run cluster` does before it starts nodes. */
export async function migrateUp(config: Config, say: Say): Promise<void> {
  for (const service of dataServices) await run(config, service, "up", say);
}

async function run(config: Config, service: DataService, direction: "up" | "down" | "status", say: Say): Promise<void> {
  const { database } = config;
  const { migrations } = (await import(`../${service}/data/migrations/index.ts`)) as { migrations: Migration[] };
  const schema = database.engine === "mysql" ? database.schema(service) : undefined;
  const sequelize =
    database.engine === "mysql"
      ? openMysql(database.primary, { schema, ...database.migration }, 2)
      : openSqlite(database.file(service));
  const unlock = await lock(config, service);
  try {
    const steps = await migrator(sequelize, migrations);
    if (direction === "status") {
      const [done, open] = [await steps.executed(), await steps.pending()];
      say(`${service}: ${done.length} run, ${open.map((step) => step.name).join(", ") || "none"} open`);
      return;
    }
    const moved = direction === "up" ? await steps.up() : await steps.down();
    const names = moved.map((step) => step.name).join(", ");
    say(`${service}: ${names ? `${direction} ${names}` : "nothing to do"}`);
  } finally {
    await unlock();
    await sequelize.close();
  }
}

/** A named lock belongs to one connection and goes with it, so a migration that dies leaves none behind. */
async function lock(config: Config, service: DataService): Promise<() => Promise<void>> {
  const { database } = config;
  if (database.engine === "sqlite") return () => Promise.resolve();
  const connection = await createConnection({ ...database.primary, ...database.migration });
  const sql = "SELECT GET_LOCK(?, ?) AS locked";
  const [rows] = await connection.query(sql, [`shop-migrate-${service}`, lockTimeoutSeconds]);
  const locked = Array.isArray(rows) && rows[0] && "locked" in rows[0] && rows[0].locked === 1;
  if (!locked) {
    await connection.end();
    throw new ConfigError(`${service}: another migration has been running for ${lockTimeoutSeconds} s`);
  }
  return () => connection.end();
}

async function main([direction = "up", ...named]: readonly string[]): Promise<void> {
  if (direction !== "up" && direction !== "down" && direction !== "status")
    throw new ConfigError(`unknown direction ${direction}: up, down or status`);
  const services = named.map((name) => {
    const service = dataServices.find((known) => known === name);
    if (!service) throw new ConfigError(`no service ${name} has data: ${dataServices.join(", ")}`);
    return service;
  });
  const config = loadConfig();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  for (const service of services.length > 0 ? services : dataServices) await run(config, service, direction, say);
}

if (import.meta.main)
  main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`migrate: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
