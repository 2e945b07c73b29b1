import type { Databases, KnownService } from "../../services/operations/verify/databases.ts";
import type { RolledBackDatabase } from "./rolled-back.ts";

export type Data = Databases & Record<KnownService, RolledBackDatabase>;

export interface Damage {
  /**
   * Applies it.
   *
   * @returns a name the report must contain: an order's number, an id
   */
  readonly damage: (data: Data) => Promise<string>;
  /** Requires a settled shop. */
  readonly settled?: boolean;
  /** Further invariants that are violated too. */
  readonly also?: readonly string[];
}

export async function one<Row extends object>(
  database: RolledBackDatabase,
  sql: string,
  ...values: string[]
): Promise<Row> {
  const [row] = await database.select<Row>(`${sql} LIMIT 1`, values);
  if (!row) throw new Error(`the history has no example of ${sql} ${values.join()}`);
  return row;
}

/**
 * Damage by one statement.
 *
 * @param find selects the target: `id` for the statement, and `named` if the report must name another value
 * @param also invariants that are violated too
 */
export function spoil(
  service: KnownService,
  find: string,
  statement: string,
  also: readonly string[] = [],
): Damage {
  return {
    also,
    async damage(data) {
      const { id, named = id } = await one<{ id: string; named?: string }>(data[service], find);
      await data[service].run(statement, id);
      return named;
    },
  };
}

/**
 * Damage by an extra row.
 *
 * @param named a name the report must contain
 */
export function insert(
  service: KnownService,
  table: string,
  row: Readonly<Record<string, string | number | null>>,
  named: string,
  also: readonly string[] = [],
): Damage {
  return {
    also,
    async damage(data) {
      const columns = Object.keys(row);
      const sql = `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
      await data[service].run(sql, ...Object.values(row));
      return named;
    },
  };
}
