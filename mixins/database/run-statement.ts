import type { Sequelize } from "sequelize";
import type { SqlValue } from "./database.ts";
import type { SqliteConnection } from "./node-sqlite.ts";

/**
 * Statements go to the driver's own connection and not through Sequelize's `query`, which makes a dozen objects and a
 * stack trace for each of them: a third of the computing time of an order. Connections and kinds of errors stay
 * Sequelize's.
 */

export type Values = readonly (string | number | null)[];

export interface Statement {
  readonly sql: string;
  readonly values: Values;
}

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

/** What Sequelize's types leave out. */
export interface Internals<C> {
  readonly connectionManager: {
    getConnection(options: { type?: "SELECT"; uuid?: string }): Promise<C>;
    releaseConnection(connection: C): void;
    destroyConnection(connection: C): Promise<void>;
  };
  readonly dialect: { readonly Query: new (connection: C, sequelize: Sequelize, options: object) => { formatError(error: Error, stack?: string): Error } };
}

/** A transaction, as statements find its connection. */
export interface OpenTransaction {
  readonly connection: unknown;
  /** How it has ended. */
  finished?: string;
}

const deadlock = 1213;
/** What a server says that takes no changes: ER_OPTION_PREVENTS_STATEMENT, ER_READ_ONLY_MODE. */
const readOnly = new Set<number | undefined>([1290, 1836]);

/** Puts marks for each value of a list in the place of its one mark; an empty list is in no row. */
export function spreadLists(sql: string, values: readonly SqlValue[]): Statement {
  if (!values.some(Array.isArray)) return { sql, values: values as Values };
  let position = 0;
  const spread = sql.replaceAll("?", () => {
    const value = values[position];
    position += 1;
    return Array.isArray(value) ? value.map(() => "?").join(", ") || "NULL" : "?";
  });
  return { sql: spread, values: values.flat() };
}

/** On SQLite. @returns what `use` makes of it; errors are as Sequelize throws them */
export async function onSqlite<T>(sequelize: Sequelize, handle: OpenTransaction | undefined, use: (connection: SqliteConnection) => T): Promise<T> {
  const { connectionManager, dialect } = sequelize as unknown as Internals<SqliteConnection>;
  const connection = handle ? (connectionOf(handle) as SqliteConnection) : await connectionManager.getConnection({});
  try {
    return use(connection);
  } catch (error) {
    throw new dialect.Query(connection, sequelize, {}).formatError(error as Error);
  }
}

/** On MySQL or MariaDB. @returns rows, or what was changed; errors are as Sequelize throws them */
export async function onMysql(sequelize: Sequelize, handle: OpenTransaction | undefined, sql: string, values: Values): Promise<object[] | MysqlResult> {
  const { connectionManager, dialect } = sequelize as unknown as Internals<MysqlConnection>;
  const connection = handle ? (connectionOf(handle) as MysqlConnection) : await connectionManager.getConnection({ type: "SELECT" });
  try {
    return await ask(connection, sql, values);
  } catch (error) {
    const { errno } = error as { errno?: number };
    // The server has undone the victim's transaction: it is over.
    if (handle && errno === deadlock) handle.finished = "rollback";
    // Another server may be the primary by now, and a new connection leads there.
    if (readOnly.has(errno)) connection.destroy();
    throw new dialect.Query(connection, sequelize, {}).formatError(error as Error);
  } finally {
    if (!handle) connectionManager.releaseConnection(connection);
  }
}

function ask(connection: MysqlConnection, sql: string, values: Values): Promise<object[] | MysqlResult> {
  return new Promise((resolve, reject) => {
    connection.query({ sql, values }, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

function connectionOf({ connection, finished }: OpenTransaction): unknown {
  if (finished) throw new Error(`this transaction has ended already (${finished})`);
  return connection;
}
