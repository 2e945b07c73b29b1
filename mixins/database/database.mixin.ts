import type { Service, ServiceSchema } from "moleculer";
import { configOf } from "../config-of.ts";
import type { DataService } from "../../config/database.ts";
import { Database } from "./database.ts";
import type { Migration } from "./migrate.ts";
import { demandMigrated, migrator, missingMigrations } from "./migrate.ts";
import { DbService, SequelizeAdapterBase } from "./moleculer-db.ts";
import { openPrimary, replicasOf } from "./mysql.ts";
import { Replicas } from "./replicas.ts";
import { openSqlite } from "./sqlite.ts";
import { onDisk, tellOfLoss } from "./write-ahead-log.ts";

export interface ServiceWithDatabase extends Service {
  /** The service's own data. */
  database: Database;
}

/** One whose database is as migrations make it. */
export interface MigratedService extends ServiceWithDatabase {
  /** Asks the database which migrations it still needs. */
  missingMigrations: () => Promise<string[]>;
}

/** moleculer-db's actions take raw queries and know no owner, so none of them is offered. */
const noDefaultActions = Object.fromEntries(Object.keys(DbService.actions ?? {}).map((name) => [name, false as const]));

/** moleculer-db's Sequelize adapter with the shop's connection, for several tables instead of one model. */
class ShopAdapter extends SequelizeAdapterBase {
  readonly #migrations: readonly Migration[];
  #replicas: Replicas | undefined;

  constructor(migrations: readonly Migration[]) {
    super();
    this.#migrations = migrations;
  }

  override async connect(): Promise<void> {
    const { database: settings } = configOf(this.broker);
    const service = this.service as MigratedService;
    const name = service.name as DataService;
    if (settings.engine === "sqlite") {
      const file = settings.file(name);
      this.db = openSqlite(file);
      service.missingMigrations = async () => {
        await onDisk(file);
        return missingMigrations(this.db, this.#migrations);
      };
      if ((await service.missingMigrations()).length > 0) await (await migrator(this.db, this.#migrations)).up();
      tellOfLoss(file, ({ message }) => service.logger.fatal(`${message}; nothing is read or written until the shop is started again`));
      service.database = new Database(this.db);
      return;
    }
    this.db ??= openPrimary(settings, name);
    service.missingMigrations = () => missingMigrations(this.db, this.#migrations);
    await demandMigrated(this.db, this.#migrations);
    this.#replicas = new Replicas(this.db, replicasOf(settings, name), service.logger);
    await this.#replicas.start();
    service.database = new Database(this.db, this.#replicas);
  }

  override async disconnect(): Promise<void> {
    await this.#replicas?.stop();
    await super.disconnect();
  }
}

/** Gives a service its own database, migrated to the state that this version of the service needs. */
export function databaseMixin(migrations: readonly Migration[]): ServiceSchema {
  const mixin = {
    mixins: [DbService],
    actions: noDefaultActions,
    // The adapter insists on a model; tables are described by migrations and read by repositories.
    model: {},
    merged(schema: ServiceSchema) {
      // Here and not in the schema: schemas are deep-cloned, a connection must not be.
      Object.assign(schema, { adapter: new ShopAdapter(migrations) });
    },
  };
  return mixin as unknown as ServiceSchema;
}
