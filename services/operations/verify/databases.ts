import type { Config } from "../../../config/index.ts";
import type { ServiceContract } from "../../../mixins/contract/contract.ts";
import { Database } from "../../../mixins/database/database.ts";
import { assertMigrated } from "../../../mixins/database/migrate.ts";
import { openPrimary } from "../../../mixins/database/mysql/open.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";
import type { ServiceWithData } from "../../../mixins/service/load-services.ts";
import { loadContracts, servicesWithData } from "../../../mixins/service/load-services.ts";

/** Services whose data invariants refer to by name. */
export type KnownService =
  | "users"
  | "catalog"
  | "cart"
  | "orders"
  | "audit"
  | "statistics"
  | "merchants"
  | "favourites"
  | "browsing-history"
  | "reviews"
  | "settlements"
  | "notifications"
  | "after-sales"
  | "shipping"
  | "webhooks";

/** Read-only databases of all services. Invariants about services that are not installed are skipped. */
export type Databases = Readonly<Record<KnownService, Database> & Record<string, Database>>;

/** Installed services and their contracts. */
export interface Shop {
  readonly contracts: readonly ServiceContract[];
  readonly services: readonly ServiceWithData[];
}

export async function installedShop(config: Pick<Config, "installed">): Promise<Shop> {
  return { contracts: await loadContracts(config), services: await servicesWithData(config) };
}

/**
 * Runs `work` on the data of all services: the files of `DATA_DIR`, even while a shop writes them, or the
 * primary.
 *
 * @throws Error when a database cannot be read, or belongs to another version of its service
 */
export async function withDatabases<T>(
  config: Config,
  { services }: Shop,
  work: (databases: Databases) => Promise<T>,
): Promise<T> {
  const opened = services.map((service) => [service, open(config, service.name)] as const);
  try {
    for (const [service, { sequelize }] of opened) await assertReadable(config, service, sequelize);
    return await work(
      Object.fromEntries(opened.map(([{ name }, database]) => [name, database])) as Databases,
    );
  } finally {
    await Promise.all(opened.map(([, { sequelize }]) => sequelize.close()));
  }
}

function open({ database }: Config, service: string): Database {
  return new Database(
    database.engine === "sqlite"
      ? openSqlite(database.file(service), { readOnly: true })
      : openPrimary(database, service),
  );
}

async function assertReadable(
  { database }: Config,
  { name, migrations }: ServiceWithData,
  sequelize: Database["sequelize"],
): Promise<void> {
  try {
    await assertMigrated(sequelize, migrations);
  } catch (error) {
    const where =
      database.engine === "sqlite"
        ? database.file(name)
        : `${database.primary.host}:${database.primary.port}`;
    throw new Error(`${name}: ${where}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
