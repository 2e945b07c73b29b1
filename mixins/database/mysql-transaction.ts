import type { Sequelize } from "sequelize";
import type { Internals, MysqlConnection, OpenTransaction } from "./run-statement.ts";
import { onMysql } from "./run-statement.ts";

/**
 * Runs work in a transaction on a connection of its own. It is committed when the work succeeds, else undone.
 *
 * @throws what the work threw, or errors as Sequelize throws them; after one of COMMIT nobody knows whether it was done
 */
export async function inMysqlTransaction<T>(sequelize: Sequelize, work: (handle: OpenTransaction) => Promise<T>): Promise<T> {
  const { connectionManager } = sequelize as unknown as Internals<MysqlConnection>;
  const connection = await connectionManager.getConnection({});
  const handle: OpenTransaction = { connection };
  const end = async (statement: "COMMIT" | "ROLLBACK") => {
    await onMysql(sequelize, handle, statement, []);
    handle.finished = statement.toLowerCase();
  };
  try {
    await onMysql(sequelize, handle, "START TRANSACTION", []);
    const result = await undoneOnFailure(work(handle), async () => (handle.finished ? undefined : end("ROLLBACK")));
    await end("COMMIT");
    return result;
  } finally {
    // One whose transaction may be open still is of no use to anybody else.
    if (handle.finished) connectionManager.releaseConnection(connection);
    // It may be lost already.
    else await connectionManager.destroyConnection(connection).catch(() => undefined);
  }
}

async function undoneOnFailure<T>(work: Promise<T>, undo: () => Promise<void>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await undo().catch(() => undefined);
    throw error;
  }
}
