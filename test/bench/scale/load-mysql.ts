import { Readable } from "node:stream";
import type { Connection, RowDataPacket } from "mysql2/promise";
import type { SqlValue } from "../../../mixins/database/database.ts";
import type { Row } from "../data/bulk-insert.ts";
import type { BulkLoader } from "./bulk-loader.ts";

const rowsAtOnce = 1000;

type IndexRow = RowDataPacket & { Key_name: string; Column_name: string; Non_unique: number };

/**
 * Loads a schema of a MySQL or MariaDB primary as its administrator, bypassing the binary log and so the
 * replicas.
 */
export async function mysqlLoader(connection: Connection, schema: string): Promise<BulkLoader> {
  await connection.query(`USE ${schema}`);
  await connection.query("SET SESSION sql_log_bin = 0, unique_checks = 0, foreign_key_checks = 0");
  return {
    async withoutIndexes(table) {
      const [rows] = await connection.query<IndexRow[]>(
        `SHOW INDEX FROM ${table} WHERE Key_name <> 'PRIMARY'`,
      );
      const indexes = [...Map.groupBy(rows, ({ Key_name }) => Key_name)];
      if (indexes.length === 0) return () => Promise.resolve();
      await connection.query(
        `ALTER TABLE ${table} ${indexes.map(([name]) => `DROP INDEX ${name}`).join(", ")}`,
      );
      return async () => {
        const added = indexes.map(([name, columns]) => {
          const unique = columns[0]?.Non_unique === 0 ? "UNIQUE " : "";
          return `ADD ${unique}INDEX ${name} (${columns.map(({ Column_name }) => Column_name).join(", ")})`;
        });
        await connection.query(`ALTER TABLE ${table} ${added.join(", ")}`);
        await connection.query(`ANALYZE TABLE ${table}`);
      };
    },
    async load(table, rows) {
      const [first] = rows;
      if (!first) return;
      await connection.query({
        sql: `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${table} CHARACTER SET utf8mb4 (${Object.keys(first).join(", ")})`,
        infileStreamFactory: () => Readable.from(asLines(rows)),
      });
    },
    close: async () => connection.end(),
  };
}

/** In chunks of at most one packet. */
function* asLines(rows: readonly Row[]): Generator<Buffer> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const some = rows.slice(from, from + rowsAtOnce);
    yield Buffer.from(some.map((row) => `${Object.values(row).map(asField).join("\t")}\n`).join(""));
  }
}

function asField(value: SqlValue): string {
  if (value === null) return "\\N";
  return typeof value === "string"
    ? value.replaceAll(/[\\\t\n]/g, (special) => `\\${special}`)
    : String(value);
}
