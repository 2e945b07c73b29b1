import type { Config } from "../../config/index.ts";
import type { Database, SqlValue } from "./database.ts";

/** Rows checked page by page, by an indexed, immutable key. */
export interface Subject {
  readonly table: string;
  readonly key: string;
  /** Filters the table's rows; all when absent. */
  readonly where?: string;
  /** A larger page size, for checks whose every page scans another table. */
  readonly rowsPerPage?: number;
}

/** An invariant of a service's own data, with a query for violations. */
export interface Invariant {
  /** Stable: reports, scripts and the documentation refer to it. */
  readonly code: string;
  /** The invariant as a sentence. */
  readonly says: string;
  /** `warning`: the data are correct but need attention. Default: `violation`. */
  readonly severity?: Severity;
  /** Checked only while the shop is idle. */
  readonly whenSettled?: true;
  readonly subject: Subject;
  /**
   * Selects violations, in SQL that both engines understand; the report shows every selected column.
   * Placeholders: `{page column}` limits a column to the page, `{now}` and the other moments are milliseconds
   * since 1970.
   */
  readonly broken: string | FindAll | FindInPage;
}

/** Finds violations that SQL cannot express, in all of the data, under concurrent writes. */
export type FindAll = (database: Database) => Promise<ViolatingRow[]>;

/** Finds violations of a page that SQL cannot express, such as computed values. Queries many rows at once. */
export interface FindInPage {
  readonly inPage: (database: Database, scope: Scope, context: InvariantContext) => Promise<ViolatingRow[]>;
}

/** Context of a check besides the data. */
export interface InvariantContext {
  readonly moments: Moments;
  readonly config: Config;
}

export type Severity = "violation" | "warning";

/** Reference times of the checks. */
export interface Moments {
  readonly now: number;
  /** Tolerated delay of the sweepers, in milliseconds. */
  readonly graceMs: number;
  /** Idempotency keys used since then are still stored. */
  readonly keysRetainedSince: number;
  /** The inboxes still hold the ids of events since then. */
  readonly inboxRetainedSince: number;
}

/** A range of a subject's keys, or a list of them. */
export type Scope =
  | { readonly after: string; readonly upTo: string | undefined }
  | { readonly keys: readonly string[] };

/** The SQL condition that limits a column to the scope. */
export function scopeCondition(
  column: string,
  scope: Scope,
): { readonly sql: string; readonly values: SqlValue[] } {
  if ("keys" in scope) return { sql: `${column} IN (?)`, values: [scope.keys] };
  if (scope.upTo === undefined) return { sql: `${column} > ?`, values: [scope.after] };
  return { sql: `${column} > ? AND ${column} <= ?`, values: [scope.after, scope.upTo] };
}

export type ViolatingRow = Readonly<Record<string, string | number | null>>;

/**
 * Violations within a scope; for a `FindAll`, in all data. Each query is one statement and so reads one
 * snapshot.
 */
export async function findViolations(
  database: Database,
  invariant: Invariant,
  scope: Scope,
  context: InvariantContext,
): Promise<ViolatingRow[]> {
  const { broken } = invariant;
  if (typeof broken === "function") return broken(database);
  if (typeof broken === "object") return broken.inPage(database, scope, context);
  const { moments } = context;
  const values: SqlValue[] = [];
  const sql = broken.replaceAll(/\{(page )?([\w.]+)\}/g, (_mark, page: string | undefined, name: string) => {
    if (!page) {
      values.push(moments[name as keyof Moments]);
      return "?";
    }
    const condition = scopeCondition(name, scope);
    values.push(...condition.values);
    return condition.sql;
  });
  return database.select<ViolatingRow>(sql, values);
}

/** SQL that is true when the column has none of these values. */
export function notListed(column: string, texts: readonly string[]): string {
  return `${column} NOT IN (${texts.map((text) => `'${text}'`).join(", ")})`;
}

/** All members of a string union; the type checker reports a missing one. */
export function exhaustiveKeys<T extends string>(texts: Readonly<Record<T, true>>): T[] {
  return Object.keys(texts) as T[];
}

/** SQL that is true unless the column is a JSON object with a non-empty string under each name. */
export function lacksText(column: string, names: readonly string[]): string {
  // JSON_EXTRACT returns a quoted string on MySQL and MariaDB, a plain one on SQLite.
  const text = (name: string) =>
    `COALESCE(CONCAT(JSON_EXTRACT(${column}, '$.${name}')), '') IN ('', '""', 'null')`;
  return `CASE WHEN JSON_VALID(${column}) THEN (${names.map(text).join(" OR ")}) ELSE 1 END`;
}

/** Required fields of the contract's `Address`. */
export const addressParts = ["name", "line1", "city", "postalCode", "country"] as const;
