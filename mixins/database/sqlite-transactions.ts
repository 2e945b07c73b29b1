import { randomUUID } from "node:crypto";
import type { Sequelize } from "sequelize";
import type { SqliteConnection } from "./node-sqlite.ts";
import type { Internals, OpenTransaction } from "./run-statement.ts";
import { onSqlite } from "./run-statement.ts";

/** Transactions of one SQLite file, one after the other, on a connection that is kept for them. */
export class SqliteTransactions {
  readonly #sequelize: Sequelize;
  #kept: { readonly name: string; readonly connection: SqliteConnection } | undefined;

  constructor(sequelize: Sequelize) {
    this.#sequelize = sequelize;
  }

  /**
   * Runs work in a transaction that no other process writes beside. It is committed when the work succeeds, else undone.
   *
   * @throws what the work threw, or errors as Sequelize throws them
   */
  async run(work: (handle: OpenTransaction) => Promise<void>): Promise<void> {
    const { name, connection } = (this.#kept ??= await this.#open());
    const handle: OpenTransaction = { connection };
    try {
      await this.command("BEGIN IMMEDIATE", handle);
      await work(handle);
      await this.command("COMMIT", handle);
      handle.finished = "commit";
    } catch (error) {
      // SQLite may have undone it already, as when the disk is full.
      await this.command("ROLLBACK", handle).catch(() => undefined);
      handle.finished = "rollback";
      this.#kept = undefined;
      connection.uuid = name;
      this.#connections.releaseConnection(connection);
      throw error;
    }
  }

  /** A statement about the transaction itself or a part of it. */
  async command(sql: string, handle: OpenTransaction): Promise<void> {
    await onSqlite(this.#sequelize, handle, (connection) => connection.change(sql, []));
  }

  /** Under a name of its own: what could not be opened keeps its name. */
  async #open() {
    const name = randomUUID();
    return { name, connection: await this.#connections.getConnection({ uuid: name }) };
  }

  get #connections() {
    return (this.#sequelize as unknown as Internals<SqliteConnection>).connectionManager;
  }
}
