import { parseArgs } from "node:util";
import type { PoolConnection, ResultSetHeader, RowDataPacket } from "mysql2/promise";
import { createPool } from "mysql2/promise";

const { values } = parseArgs({
  options: { database: { type: "string", default: "{}" }, "no-binlog": { type: "boolean", default: false } },
});

/** The baseline's database, from its environment. */
export const pool = createPool({
  ...(JSON.parse(values.database) as object),
  connectionLimit: 16,
  charset: "utf8mb4",
  flags: ["+FOUND_ROWS"],
});

// Later statements on the connection queue behind these.
pool.on("connection", (connection) => {
  void connection.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  if (values["no-binlog"]) void connection.query("SET SESSION sql_log_bin = 0");
});

type Value = string | number | null;
type Executor = Pick<PoolConnection, "execute">;

export async function rowsOf<Row>(
  sql: string,
  parameters: readonly Value[],
  on: Executor = pool,
): Promise<Row[]> {
  const [rows] = await on.execute<RowDataPacket[]>(sql, [...parameters]);
  return rows as Row[];
}

/** @returns the number of changed rows */
export async function change(sql: string, parameters: readonly Value[], on: Executor): Promise<number> {
  const [result] = await on.execute<ResultSetHeader>(sql, [...parameters]);
  return result.affectedRows;
}

export async function transaction<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const result = await work(connection);
    await connection.commit();
    return result;
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}
