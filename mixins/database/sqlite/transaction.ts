import { randomUUID } from "node:crypto";
import type { Sequelize } from "sequelize";
import type { SqliteConnection } from "./sequelize-dialect-module.ts";
import type { Internals } from "../run-statement.ts";
import type { OpenTransaction } from "../types.ts";
import { runSqlite } from "../run-statement.ts";

/** Consecutive transactions of one SQLite file, on a reserved connection. */
export class SqliteTransactions {
  readonly #sequelize: Sequelize;
  #current: { readonly name: string; readonly connection: SqliteConnection } | undefined;

  constructor(sequelize: Sequelize) {
    this.#sequelize = sequelize;
  }

  /**
   * Runs work in a transaction that holds the write lock: commits on success, rolls back on failure.
   *
   * @throws what the work threw, or errors as Sequelize throws them
   */
  async run(work: (handle: OpenTransaction) => Promise<void>): Promise<void> {
    const { name, connection } = (this.#current ??= await this.#open());
    const handle: OpenTransaction = { connection };
    try {
      await this.command("BEGIN IMMEDIATE", handle);
      await work(handle);
      await this.command("COMMIT", handle);
      handle.finished = "commit";
    } catch (error) {
      // SQLite may have rolled back already, e.g. on a full disk.
      await this.command("ROLLBACK", handle).catch(() => undefined);
      handle.finished = "rollback";
      this.#current = undefined;
      connection.uuid = name;
      this.#connections.releaseConnection(connection);
      throw error;
    }
  }

  /** Runs a transaction control statement. */
  async command(sql: string, handle: OpenTransaction): Promise<void> {
    await runSqlite(this.#sequelize, handle, (connection) => connection.change(sql, []));
  }

  /** With a new name each time: Sequelize remembers the name of a connection that failed to open. */
  async #open() {
    const name = randomUUID();
    return { name, connection: await this.#connections.getConnection({ uuid: name }) };
  }

  get #connections() {
    return (this.#sequelize as unknown as Internals<SqliteConnection>).connectionManager;
  }
}
