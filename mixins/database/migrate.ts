import type { QueryInterface, Sequelize } from "sequelize";
import { QueryTypes } from "sequelize";

/** One step of a service's schema, with its way back. Names sort in the order in which they run. */
export interface Migration {
  readonly name: string;
  up(query: QueryInterface): Promise<void>;
  down(query: QueryInterface): Promise<void>;
}

/** Which of a service's migrations have run. Callers make sure that only one node migrates at a time. */
export async function migrator(sequelize: Sequelize, migrations: readonly Migration[]) {
  // Only who migrates needs it, and it brings half a command line along.
  const { SequelizeStorage, Umzug } = await import("umzug");
  return new Umzug<QueryInterface>({
    context: sequelize.getQueryInterface(),
    storage: new SequelizeStorage({ sequelize, tableName: "migrations" }),
    logger: undefined,
    migrations: migrations.map((migration) => ({
      name: migration.name,
      up: ({ context }) => migration.up(context),
      down: ({ context }) => migration.down(context),
    })),
  });
}

/**
 * Makes sure that a database is as this version of a service needs it, without the right to change it.
 *
 * @throws Error naming what is missing
 */
export async function demandMigrated(sequelize: Sequelize, migrations: readonly Migration[]): Promise<void> {
  const missing = await missingMigrations(sequelize, migrations);
  if (missing.length > 0) throw new Error(`the database waits for migrations (npm run migrate): ${missing.join(", ")}`);
}

/** The names of migrations that a database still needs, in their order. */
export async function missingMigrations(sequelize: Sequelize, migrations: readonly Migration[]): Promise<string[]> {
  const done = await appliedMigrations(sequelize);
  return migrations.filter((migration) => !done.has(migration.name)).map((migration) => migration.name);
}

async function appliedMigrations(sequelize: Sequelize): Promise<Set<string>> {
  try {
    const rows = await sequelize.query<{ name: string }>("SELECT name FROM migrations", { type: QueryTypes.SELECT });
    return new Set(rows.map((row) => row.name));
  } catch (error) {
    const cause = error instanceof Error && "original" in error ? error.original : error;
    if (cause instanceof Error && "code" in cause && cause.code === "ER_NO_SUCH_TABLE") return new Set();
    if (error instanceof Error && error.message.includes("no such table: migrations")) return new Set();
    throw error;
  }
}
