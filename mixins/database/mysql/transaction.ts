import type { Sequelize } from "sequelize";
import type { Internals, MysqlConnection } from "../run-statement.ts";
import type { OpenTransaction } from "../types.ts";
import { runMysql } from "../run-statement.ts";

/**
 * Runs work in a transaction on a connection of its own: commits on success, rolls back on failure.
 *
 * @throws what the work threw, or errors as Sequelize throws them; an error of COMMIT leaves the outcome
 *   unknown
 */
export async function runMysqlTransaction<T>(
  sequelize: Sequelize,
  work: (handle: OpenTransaction) => Promise<T>,
): Promise<T> {
  const { connectionManager } = sequelize as unknown as Internals<MysqlConnection>;
  const connection = await connectionManager.getConnection({});
  const handle: OpenTransaction = { connection };
  const end = async (statement: "COMMIT" | "ROLLBACK") => {
    await runMysql(sequelize, handle, statement, []);
    handle.finished = statement.toLowerCase();
  };
  try {
    await runMysql(sequelize, handle, "START TRANSACTION", []);
    const result = await rollBackOnFailure(work(handle), async () =>
      handle.finished ? undefined : end("ROLLBACK"),
    );
    await end("COMMIT");
    return result;
  } finally {
    // A connection with a possibly open transaction must not return to the pool.
    if (handle.finished) connectionManager.releaseConnection(connection);
    // It may be closed already.
    else await connectionManager.destroyConnection(connection).catch(() => undefined);
  }
}

async function rollBackOnFailure<T>(work: Promise<T>, rollBack: () => Promise<void>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await rollBack().catch(() => undefined);
    throw error;
  }
}
