import type { Service, ServiceSchema } from "moleculer";
import type { ModelAttributes, ModelOptions } from "sequelize";
import { configOf } from "../service/config-of.ts";
import { assertIntact } from "./sqlite/acknowledged.ts";
import { Database } from "./database.ts";
import type { Migration } from "./migrate.ts";
import { assertMigrated, migrator, missingMigrations, assertNoNewerSchema } from "./migrate.ts";
import { DbService, SequelizeAdapterBase } from "./moleculer-db.ts";
import { openPrimary, replicasOf } from "./mysql/open.ts";
import { Replicas } from "./mysql/replicas.ts";
import { openSqlite } from "./sqlite/open.ts";
import { UnusableDatabaseError } from "./unusable-database.ts";
import { isWalOpen, flushed, onSyncFailure } from "./sqlite/wal-sync.ts";

/** A Sequelize model in the form of moleculer-db's `model` key. */
export interface ModelDefinition {
  readonly name: string;
  readonly define: ModelAttributes;
  readonly options: ModelOptions;
}

export interface ServiceWithDatabase extends Service {
  /** The service's own data. */
  database: Database;
}

/** A service with a migrated database. */
export interface MigratedService extends ServiceWithDatabase {
  /** Queries the database for migrations that it lacks. */
  missingMigrations: () => Promise<string[]>;
}

/** moleculer-db's actions accept raw queries and check no owner: expose none of them. */
const noDefaultActions = Object.fromEntries(
  Object.keys(DbService.actions ?? {}).map((name) => [name, false as const]),
);

/** moleculer-db's Sequelize adapter with the shop's connection, for several tables instead of one model. */
class ShopAdapter extends SequelizeAdapterBase {
  readonly #migrations: readonly Migration[];
  #replicas: Replicas | undefined;
  /** Makes the start fail; moleculer-db itself would retry for ever, whatever the error. */
  unusable: UnusableDatabaseError | undefined;

  constructor(migrations: readonly Migration[]) {
    super();
    this.#migrations = migrations;
  }

  override async connect(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      if (!(error instanceof UnusableDatabaseError)) throw error;
      this.unusable = Object.assign(error, { message: `${this.service.name}: ${error.message}` });
    }
  }

  async #open(): Promise<void> {
    const { database: settings } = configOf(this.broker);
    const service = this.service as MigratedService;
    const name = service.name;
    const log = (line: string) => service.logger.error(`database unavailable: ${line}`);
    if (settings.engine === "sqlite") {
      const file = settings.file(name);
      // Check before this process opens the file, which changes the log.
      if (!isWalOpen(file)) assertIntact(file, settings.acceptDataLoss, (line) => service.logger.fatal(line));
      this.db = openSqlite(file);
      service.missingMigrations = async () => {
        await flushed(file);
        return missingMigrations(this.db, this.#migrations);
      };
      await assertNoNewerSchema(this.db, this.#migrations);
      if ((await service.missingMigrations()).length > 0)
        await (await migrator(this.db, this.#migrations)).up();
      onSyncFailure(file, ({ message }) =>
        service.logger.fatal(`${message}; reads and writes fail until the shop is restarted`),
      );
      this.#serve(new Database(this.db, undefined, log));
      return;
    }
    this.db ??= openPrimary(settings, name);
    service.missingMigrations = () => missingMigrations(this.db, this.#migrations);
    await assertMigrated(this.db, this.#migrations);
    this.#replicas = new Replicas(this.db, replicasOf(settings, name), service.logger);
    await this.#replicas.start();
    this.#serve(new Database(this.db, this.#replicas, log));
  }

  #serve(database: Database): void {
    const { model } = this.service.schema as { model?: Partial<ModelDefinition> };
    if (model?.name !== undefined && model.define)
      this.model = this.db.define(model.name, model.define, model.options ?? {});
    (this.service as ServiceWithDatabase).database = database;
  }

  override async disconnect(): Promise<void> {
    await this.#replicas?.stop();
    await super.disconnect();
  }
}

/**
 * Gives a service its own database, migrated to the state that this version of the service needs.
 *
 * @param model model of its table for moleculer-db's adapter; its queries run through the service's `Database`
 */
export function databaseMixin(migrations: readonly Migration[], model?: ModelDefinition): ServiceSchema {
  const mixin = {
    mixins: [DbService],
    actions: noDefaultActions,
    merged(schema: ServiceSchema) {
      // Set here because Moleculer deep-clones schemas; connections and models must not be cloned. The adapter requires
      // a model, which is empty in services whose repositories read the tables by SQL.
      Object.assign(schema, { adapter: new ShopAdapter(migrations), model: model ?? {} });
    },
    started(this: Service & { adapter: ShopAdapter }) {
      if (this.adapter.unusable) throw this.adapter.unusable;
    },
  };
  return mixin as unknown as ServiceSchema;
}
