import type { Sequelize } from "sequelize";
import type { OpenTransaction, SqlValue, Statement, Values } from "./types.ts";
import { needsNewConnection } from "./database-errors.ts";
import type { SqliteConnection } from "./sqlite/sequelize-dialect-module.ts";

/**
 * Runs statements on the driver's connection. Sequelize's `query` allocates a dozen objects and a stack trace
 * per statement: a third of an order's CPU time. Sequelize still provides connections and error types.
 */

interface MysqlResult {
  readonly affectedRows?: number;
}

export interface MysqlConnection {
  destroy(): void;
  query(
    statement: Statement,
    done: (error: (Error & { errno?: number }) | null, result: object[] | MysqlResult) => void,
  ): void;
}

/** Sequelize internals that its types omit. */
export interface Internals<C> {
  readonly connectionManager: {
    getConnection(options: { type?: "SELECT"; uuid?: string }): Promise<C>;
    releaseConnection(connection: C): void;
    destroyConnection(connection: C): Promise<void>;
  };
  readonly dialect: {
    readonly Query: new (
      connection: C | undefined,
      sequelize: Sequelize,
      options: object,
    ) => {
      formatError(error: Error, stack?: string): Error;
      handleSelectQuery(rows: readonly object[]): unknown;
    };
  };
}

const deadlock = 1213;

/** Expands the `?` of a list to one per element; an empty list matches no row. */
export function expandInLists(sql: string, values: readonly SqlValue[]): Statement {
  if (!values.some(Array.isArray)) return { sql, values: values as Values };
  let position = 0;
  const expanded = sql.replaceAll("?", () => {
    const value = values[position];
    position += 1;
    return Array.isArray(value) ? value.map(() => "?").join(", ") || "NULL" : "?";
  });
  return { sql: expanded, values: values.flat() };
}

/** Runs `work` on a SQLite connection. @returns its result; errors are as Sequelize throws them */
export async function runSqlite<T>(
  sequelize: Sequelize,
  handle: OpenTransaction | undefined,
  work: (connection: SqliteConnection) => T,
): Promise<T> {
  const { connectionManager, dialect } = sequelize as unknown as Internals<SqliteConnection>;
  const connection = handle
    ? (connectionOf(handle) as SqliteConnection)
    : await connectionManager.getConnection({});
  try {
    return work(connection);
  } catch (error) {
    throw new dialect.Query(connection, sequelize, {}).formatError(error as Error);
  }
}

/**
 * Runs a statement on MySQL or MariaDB. @returns rows or a change summary; errors are as Sequelize throws
 * them
 */
export async function runMysql(
  sequelize: Sequelize,
  handle: OpenTransaction | undefined,
  sql: string,
  values: Values,
): Promise<object[] | MysqlResult> {
  const { connectionManager, dialect } = sequelize as unknown as Internals<MysqlConnection>;
  const connection = handle
    ? (connectionOf(handle) as MysqlConnection)
    : await connectionManager.getConnection({ type: "SELECT" });
  try {
    return await query(connection, sql, values);
  } catch (error) {
    const { errno } = error as { errno?: number };
    // The server rolls back a deadlock's victim.
    if (handle && errno === deadlock) handle.finished = "rollback";
    if (needsNewConnection(errno)) connection.destroy();
    throw new dialect.Query(connection, sequelize, {}).formatError(error as Error);
  } finally {
    if (!handle) connectionManager.releaseConnection(connection);
  }
}

function query(connection: MysqlConnection, sql: string, values: Values): Promise<object[] | MysqlResult> {
  return new Promise((resolve, reject) => {
    connection.query({ sql, values }, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

function connectionOf({ connection, finished }: OpenTransaction): unknown {
  if (finished) throw new Error(`the transaction has already ended (${finished})`);
  return connection;
}
