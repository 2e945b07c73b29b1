import { randomUUID } from "node:crypto";
import type { Sequelize } from "sequelize";
import type { SqliteConnection } from "./node-sqlite.ts";
import type { Internals, OpenTransaction } from "./run-statement.ts";
import { onSqlite } from "./run-statement.ts";

/** Transactions of one SQLite file, one after the other, on a connection that is kept for them. */
export class SqliteTransactions {
  readonly #sequelize: Sequelize;
  readonly #name = randomUUID();
  #connection: SqliteConnection | undefined;

  constructor(sequelize: Sequelize) {
    this.#sequelize = sequelize;
  }

  /**
   * Runs work in a transaction that no other process writes beside. It is committed when the work succeeds, else undone.
   *
   * @throws what the work threw, or errors as Sequelize throws them
   */
  async run(work: (handle: OpenTransaction) => Promise<void>): Promise<void> {
    const { connectionManager } = this.#sequelize as unknown as Internals<SqliteConnection>;
    this.#connection ??= await connectionManager.getConnection({ uuid: this.#name });
    const connection = this.#connection;
    const handle: OpenTransaction = { connection };
    const command = async (sql: string) => onSqlite(this.#sequelize, handle, (it) => it.change(sql, []));
    try {
      await command("BEGIN IMMEDIATE");
      await work(handle);
      await command("COMMIT");
      handle.finished = "commit";
    } catch (error) {
      // SQLite may have undone it already, as when the disk is full.
      await command("ROLLBACK").catch(() => undefined);
      handle.finished = "rollback";
      this.#connection = undefined;
      connection.uuid = this.#name;
      connectionManager.releaseConnection(connection);
      throw error;
    }
  }
}
