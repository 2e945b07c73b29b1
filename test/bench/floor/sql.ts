import { parseArgs } from "node:util";
import type { PoolConnection, ResultSetHeader, RowDataPacket } from "mysql2/promise";
import { createPool } from "mysql2/promise";

const { values } = parseArgs({ options: { database: { type: "string", default: "{}" } } });

/** The floor's database, as its starter gives it. */
export const pool = createPool({
  ...(JSON.parse(values.database) as object),
  connectionLimit: 16,
  charset: "utf8mb4",
  flags: ["+FOUND_ROWS"],
});

// What is asked of a connection later waits for it.
pool.on("connection", (connection) => void connection.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"));

type Value = string | number | null;
type Executor = Pick<PoolConnection, "execute">;

export async function rowsOf<Row>(sql: string, parameters: readonly Value[], on: Executor = pool): Promise<Row[]> {
  const [rows] = await on.execute<RowDataPacket[]>(sql, [...parameters]);
  return rows as Row[];
}

/** @returns how many rows it changed */
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
