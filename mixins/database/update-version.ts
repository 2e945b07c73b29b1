import type { Database, Tx } from "./database.ts";
import type { Row } from "./types.ts";
import { unlessTaken } from "./unless-taken.ts";

/**
 * Saves a change under optimistic locking.
 *
 * @param before the version that the change was made of
 * @returns `stale` when there is another one by now, `taken` when a unique value is
 */
export async function updateVersion(
  database: Database,
  table: string,
  before: { readonly id: string; readonly version: number },
  row: Row,
  tx: Tx,
): Promise<"saved" | "stale" | "taken"> {
  const assignments = Object.keys(row).map((column) => `${column} = ?`);
  const sql = `UPDATE ${table} SET ${assignments.join(", ")} WHERE id = ? AND version = ?`;
  const values = [...Object.values(row), before.id, before.version];
  const changed = await unlessTaken(() => database.execute(sql, values, tx));
  if (changed === "taken") return "taken";
  return changed === 1 ? "saved" : "stale";
}
