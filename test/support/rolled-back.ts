import type { Sequelize, Transaction } from "sequelize";
import { Transaction as Transactions } from "sequelize";
import type { Config } from "../../config/index.ts";
import type { SqlValue, Tx } from "../../mixins/database/database.ts";
import { Database } from "../../mixins/database/database.ts";
import type { OpenTransaction } from "../../mixins/database/types.ts";
import { openMysql } from "../../mixins/database/mysql/open.ts";
import { openSqlite } from "../../mixins/database/sqlite/open.ts";
import type { Databases, KnownService } from "../../services/operations/verify/databases.ts";
import { dataServices } from "./data-services.ts";

/** A database read and changed in one transaction that is rolled back. */
export class RolledBackDatabase extends Database {
  readonly #tx: Tx;

  constructor(sequelize: Sequelize, handle: Transaction) {
    super(sequelize);
    this.#tx = {
      handle: handle as Transaction & OpenTransaction,
      publish: () => undefined,
      as: () => this.#tx,
    };
  }

  override select<Row extends object>(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return super.select<Row>(sql, values, this.#tx);
  }

  run(sql: string, ...values: SqlValue[]): Promise<number> {
    return this.execute(sql, values, this.#tx);
  }
}

type Work<T> = (databases: Databases & Record<KnownService, RolledBackDatabase>) => Promise<T>;

/** The open databases of a stopped shop, each on one connection. */
export class RollingBack {
  readonly #config: Config["database"];
  readonly #opened: { readonly service: string; readonly sequelize: Sequelize }[];

  constructor({ database }: Pick<Config, "database">) {
    this.#config = database;
    this.#opened = dataServices.map((service) => ({
      service,
      sequelize:
        database.engine === "sqlite"
          ? openSqlite(database.file(service))
          : openMysql(database.primary, { schema: database.schema(service), ...database.migration }, 1),
    }));
  }

  /** Runs `work` on the data, and rolls its changes back. */
  async run<T>(work: Work<T>): Promise<T> {
    const options = this.#config.engine === "sqlite" ? { type: Transactions.TYPES.IMMEDIATE } : {};
    const begun = await Promise.all(
      this.#opened.map(async ({ service, sequelize }) => ({
        service,
        sequelize,
        handle: await sequelize.transaction(options),
      })),
    );
    try {
      const databases = begun.map(({ service, sequelize, handle }) => [
        service,
        new RolledBackDatabase(sequelize, handle),
      ]);
      return await work(
        Object.fromEntries(databases) as Databases & Record<KnownService, RolledBackDatabase>,
      );
    } finally {
      for (const { handle } of begun) await handle.rollback();
    }
  }

  async close(): Promise<void> {
    for (const { sequelize } of this.#opened) await sequelize.close();
  }
}

/** Runs `work` on a stopped shop's data, and rolls its changes back. */
export async function rolledBack<T>(config: Config, work: Work<T>): Promise<T> {
  const data = new RollingBack(config);
  try {
    return await data.run(work);
  } finally {
    await data.close();
  }
}
