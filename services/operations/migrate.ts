import { createConnection } from "mysql2/promise";
import type { Config } from "../../config/index.ts";
import { ConfigError, loadConfig } from "../../config/index.ts";
import { assertIntact } from "../../mixins/database/sqlite/acknowledged.ts";
import { migrator, assertNoNewerSchema, unknownMigrations } from "../../mixins/database/migrate.ts";
import { openMysql } from "../../mixins/database/mysql/open.ts";
import { openSqlite } from "../../mixins/database/sqlite/open.ts";
import type { ServiceWithData } from "../../mixins/service/load-services.ts";
import { servicesWithData } from "../../mixins/service/load-services.ts";
import { readCommandLine } from "../../mixins/support/command-line.ts";

const directions = ["up", "down", "status"] as const;
type Direction = (typeof directions)[number];

const line = {
  name: "migrate",
  about: `Brings the schemas of all or some services to the state that this version needs (up, without an argument), takes the
last step back (down), or shows what has run (status). In the cluster shape it works as the migration user, and of several
at once one does the work while the others wait.`,
  positionals: `[${directions.join("|")}] [service…]`,
  options: {},
  notes: `Services: those that own data; default: all. Settings come from the environment; config/env.ts lists them.`,
} as const;
const lockTimeoutSeconds = 60;

type Say = (line: string) => void;

/** Migrates all services up, as `npm run cluster` does before it starts nodes. */
export async function migrateUp(config: Config, say: Say): Promise<void> {
  for (const service of await servicesWithData(config)) await run(config, service, "up", say);
}

/**
 * Migrates one service's schema up, reverts its last migration, or lists applied ones.
 *
 * @throws UnusableDatabaseError when a newer version has migrated it: only that version can revert its
 *   migrations
 */
export async function run(
  config: Config,
  { name: service, migrations }: Pick<ServiceWithData, "name" | "migrations">,
  direction: Direction,
  say: Say,
): Promise<void> {
  const { database } = config;
  const schema = database.engine === "mysql" ? database.schema(service) : undefined;
  if (database.engine === "sqlite") assertIntact(database.file(service), database.acceptDataLoss, say);
  const sequelize =
    database.engine === "mysql"
      ? openMysql(database.primary, { schema, ...database.migration }, 2)
      : openSqlite(database.file(service));
  const unlock = await lock(config, service);
  try {
    const steps = await migrator(sequelize, migrations);
    if (direction === "status") {
      const [done, open] = [await steps.executed(), await steps.pending()];
      const unknown = await unknownMigrations(sequelize, migrations);
      const newer = unknown.length > 0 ? `, of a newer version: ${unknown.join(", ")}` : "";
      say(
        `${service}: ${done.length} run, ${open.map((step) => step.name).join(", ") || "none"} open${newer}`,
      );
      return;
    }
    // The last migration is the one to revert, and this version does not have it.
    await assertNoNewerSchema(sequelize, migrations, direction === "down" ? () => false : undefined);
    const moved = direction === "up" ? await steps.up() : await steps.down();
    const names = moved.map((step) => step.name).join(", ");
    say(`${service}: ${names ? `${direction} ${names}` : "nothing to do"}`);
  } finally {
    await unlock();
    await sequelize.close();
  }
}

/** A named lock belongs to a connection and ends with it, so a crashed migration releases it. */
async function lock(config: Config, service: string): Promise<() => Promise<void>> {
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

async function main(): Promise<void> {
  const { direction, named } = await readCommandLine(line, (_values, [asked = "up", ...named]) => ({
    direction: oneOf(directions, asked, "direction"),
    named,
  }));
  const config = loadConfig();
  const all = await servicesWithData(config);
  const names = named.map((name) =>
    oneOf(
      all.map((service) => service.name),
      name,
      "service with data",
    ),
  );
  // For files created in the data directory; see data-directory.ts.
  process.umask(0o077);
  const say = (line: string) => process.stdout.write(`${line}\n`);
  for (const service of all.filter(({ name }) => names.length === 0 || names.includes(name)))
    await run(config, service, direction, say);
}

function oneOf<T extends string>(all: readonly T[], name: string, what: string): T {
  const found = all.find((known) => known === name);
  if (found === undefined) throw new TypeError(`no ${what} is called ${name}: ${all.join(", ")}`);
  return found;
}

if (import.meta.main)
  main().catch((error: unknown) => {
    process.stderr.write(`migrate: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
