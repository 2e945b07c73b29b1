import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue } from "node:sqlite";
import { closeIdleConnections } from "../../../mixins/database/sqlite/connection.ts";
import type { BulkLoader } from "./bulk-loader.ts";

/** Loads a migrated SQLite file that is not open elsewhere; an interrupted run leaves it corrupt. */
export function sqliteLoader(file: string): BulkLoader {
  closeIdleConnections(file);
  const database = new DatabaseSync(file);
  database.exec(
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA locking_mode = EXCLUSIVE",
  );
  return {
    withoutIndexes(table) {
      const made = database.prepare(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
      );
      const indexes = made.all(table) as { name: string; sql: string }[];
      for (const { name } of indexes) database.exec(`DROP INDEX ${name}`);
      return Promise.resolve(() => {
        for (const { sql } of indexes) database.exec(sql);
        return Promise.resolve();
      });
    },
    load(table, rows) {
      const [first] = rows;
      if (!first) return Promise.resolve();
      const columns = Object.keys(first);
      const insert = database.prepare(
        `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
      );
      database.exec("BEGIN");
      for (const row of rows) insert.run(...(Object.values(row) as SQLInputValue[]));
      database.exec("COMMIT");
      return Promise.resolve();
    },
    close() {
      // As the shop opens it.
      database.exec("PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL");
      database.close();
      return Promise.resolve();
    },
  };
}
