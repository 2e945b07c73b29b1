import type { QueryInterface } from "sequelize";

const rowsPerInsert = 5000;

/** Inserts rows of the same columns; with `unlessKnown`, those whose key exists are left out. */
export async function insertAll(
  { sequelize }: QueryInterface,
  table: string,
  rows: readonly Readonly<Record<string, string | number | null>>[],
  { unlessKnown = false } = {},
): Promise<void> {
  const ignore = sequelize.getDialect() === "sqlite" ? "INSERT OR IGNORE" : "INSERT IGNORE";
  const columns = Object.keys(rows[0] ?? {});
  for (let from = 0; from < rows.length; from += rowsPerInsert) {
    const some = rows.slice(from, from + rowsPerInsert).map((row) => columns.map((column) => row[column]));
    await sequelize.query(
      `${unlessKnown ? ignore : "INSERT"} INTO ${table} (${columns.join(", ")}) VALUES ?`,
      {
        replacements: [some],
      },
    );
  }
}
