import type { Sequelize, Transaction } from "sequelize";
import { Transaction as Transactions } from "sequelize";
import type { Config } from "../../config/index.ts";
import type { SqlValue, Tx } from "../../mixins/database/database.ts";
import { Database } from "../../mixins/database/database.ts";
import type { OpenTransaction } from "../../mixins/database/run-statement.ts";
import { openMysql } from "../../mixins/database/mysql.ts";
import { openSqlite } from "../../mixins/database/sqlite.ts";
import type { Databases } from "../../services/node/check/databases.ts";
import { dataServices } from "../../services/node/check/databases.ts";

/** A database that is read and changed in one transaction, which is never committed. */
export class UndoneDatabase extends Database {
  readonly #tx: Tx;

  constructor(sequelize: Sequelize, handle: Transaction) {
    super(sequelize);
    this.#tx = { handle: handle as Transaction & OpenTransaction, publish: () => undefined, as: () => this.#tx };
  }

  override select<Row extends object>(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return super.select<Row>(sql, values, this.#tx);
  }

  run(sql: string, ...values: SqlValue[]): Promise<number> {
    return this.execute(sql, values, this.#tx);
  }
}

/** Runs `work` on the data of a shop that does not run, and undoes all that it did to them. */
export async function undone<T>(
  { database }: Config,
  work: (databases: Databases & Record<keyof Databases, UndoneDatabase>) => Promise<T>,
): Promise<T> {
  const opened = dataServices.map((service) => {
    const sequelize =
      database.engine === "sqlite"
        ? openSqlite(database.file(service))
        : openMysql(database.primary, { schema: database.schema(service), ...database.migration }, 1);
    return { service, sequelize };
  });
  const begun = await Promise.all(
    opened.map(async ({ service, sequelize }) => {
      const handle = await sequelize.transaction(
        database.engine === "sqlite" ? { type: Transactions.TYPES.IMMEDIATE } : {},
      );
      return { service, sequelize, handle };
    }),
  );
  try {
    const databases = begun.map(({ service, sequelize, handle }) => [service, new UndoneDatabase(sequelize, handle)]);
    return await work(Object.fromEntries(databases) as Record<keyof Databases, UndoneDatabase>);
  } finally {
    for (const { handle, sequelize } of begun) {
      await handle.rollback();
      await sequelize.close();
    }
  }
}
