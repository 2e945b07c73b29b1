import type { SqlValue } from "../database.ts";

/**
 * Conditions of a list for rows with one of some texts; undefined: any row; none: no row. A single one keeps the order
 * of an index that begins with the column, while the rows of several are sorted.
 */
export function oneOf(
  column: string,
  texts: readonly string[] | undefined,
): Readonly<Record<string, SqlValue>> {
  if (!texts) return {};
  if (texts.length <= 1) return { [`${column} = ?`]: texts[0] ?? "" };
  return { [`${column} IN (${texts.map(() => "?").join(", ")})`]: texts };
}
