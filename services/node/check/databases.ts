import type { DataService } from "../../../config/database.ts";
import type { Config } from "../../../config/index.ts";
import { serviceNames } from "../../../config/index.ts";
import { Database } from "../../../mixins/database/database.ts";
import type { Invariant } from "../../../mixins/database/invariant.ts";
import type { Migration } from "../../../mixins/database/migrate.ts";
import { demandMigrated } from "../../../mixins/database/migrate.ts";
import { openPrimary } from "../../../mixins/database/mysql.ts";
import { openSqlite } from "../../../mixins/database/sqlite.ts";

export const dataServices = serviceNames.filter((name): name is DataService => name !== "api");

/** The data of all services, to be read only. */
export type Databases = Readonly<Record<DataService, Database>>;

/** What each service says of its own data. */
export async function invariantsOf(service: DataService): Promise<readonly Invariant[]> {
  const module = (await import(`../../${service}/data/invariants.ts`)) as { invariants: readonly Invariant[] };
  return module.invariants;
}

/**
 * Runs `work` on the data of all services: the files of `DATA_DIR`, also while a shop writes them, or the primary.
 *
 * @throws Error when one of them cannot be read, or is not as this version of its service makes it
 */
export async function onDatabases<T>(config: Config, work: (databases: Databases) => Promise<T>): Promise<T> {
  const opened = dataServices.map((service) => [service, open(config, service)] as const);
  try {
    for (const [service, { sequelize }] of opened) await demandReadable(config, service, sequelize);
    return await work(Object.fromEntries(opened) as Databases);
  } finally {
    await Promise.all(opened.map(([, { sequelize }]) => sequelize.close()));
  }
}

function open({ database }: Config, service: DataService): Database {
  return new Database(
    database.engine === "sqlite" ? openSqlite(database.file(service), { readOnly: true }) : openPrimary(database, service),
  );
}

async function demandReadable({ database }: Config, service: DataService, sequelize: Database["sequelize"]): Promise<void> {
  const { migrations } = (await import(`../../${service}/data/migrations/index.ts`)) as { migrations: Migration[] };
  try {
    await demandMigrated(sequelize, migrations);
  } catch (error) {
    const where = database.engine === "sqlite" ? database.file(service) : `${database.primary.host}:${database.primary.port}`;
    throw new Error(`${service}: ${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
