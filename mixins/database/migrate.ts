import type { QueryInterface, Sequelize } from "sequelize";
import { QueryTypes } from "sequelize";
import { UnusableDatabaseError } from "./unusable-database.ts";

/**
 * A reversible schema migration. Names sort in execution order. The suffix `.expand` marks one that the
 * previous version tolerates; any other prevents that version from starting.
 */
export interface Migration {
  readonly name: string;
  up(query: QueryInterface): Promise<void>;
  down(query: QueryInterface): Promise<void>;
}

/** Umzug for a service's migrations. Callers ensure that only one node migrates at a time. */
export async function migrator(sequelize: Sequelize, migrations: readonly Migration[]) {
  // Loaded on demand: only migrating nodes need umzug and its command-line parser.
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
 * Checks that a database has all migrations of this version; needs no right to change it.
 *
 * @throws Error naming the missing migrations
 * @throws UnusableDatabaseError as `assertNoNewerSchema`
 */
export async function assertMigrated(sequelize: Sequelize, migrations: readonly Migration[]): Promise<void> {
  await assertNoNewerSchema(sequelize, migrations);
  const missing = await missingMigrations(sequelize, migrations);
  if (missing.length > 0)
    throw new Error(`the database lacks migrations (npm run migrate): ${missing.join(", ")}`);
}

/** Names of migrations that the database lacks, in order. */
export async function missingMigrations(
  sequelize: Sequelize,
  migrations: readonly Migration[],
): Promise<string[]> {
  const done = await appliedMigrations(sequelize);
  return migrations.filter((migration) => !done.has(migration.name)).map((migration) => migration.name);
}

/** Names of applied migrations that this version does not know, in order. */
export async function unknownMigrations(
  sequelize: Sequelize,
  migrations: readonly Migration[],
): Promise<string[]> {
  const done = await appliedMigrations(sequelize);
  for (const { name } of migrations) done.delete(name);
  return [...done].toSorted();
}

const isExpansion = (name: string) => name.endsWith(".expand");

/**
 * @param isCompatible of a migration that this version does not know
 * @throws UnusableDatabaseError when a newer version made a migration that this one cannot work with
 */
export async function assertNoNewerSchema(
  sequelize: Sequelize,
  migrations: readonly Migration[],
  isCompatible = isExpansion,
): Promise<void> {
  const unknown = await unknownMigrations(sequelize, migrations);
  if (unknown.every(isCompatible)) return;
  throw new UnusableDatabaseError(
    `a newer version of the shop has migrated this database (${unknown.join(", ")}): start that version, or roll back as described in docs/guides/operations.md`,
  );
}

async function appliedMigrations(sequelize: Sequelize): Promise<Set<string>> {
  try {
    const rows = await sequelize.query<{ name: string }>("SELECT name FROM migrations", {
      type: QueryTypes.SELECT,
    });
    return new Set(rows.map((row) => row.name));
  } catch (error) {
    const cause = error instanceof Error && "original" in error ? error.original : error;
    if (cause instanceof Error && "code" in cause && cause.code === "ER_NO_SUCH_TABLE") return new Set();
    if (error instanceof Error && error.message.includes("no such table: migrations")) return new Set();
    throw error;
  }
}
