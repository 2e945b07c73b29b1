import type { Database, SqlValue } from "./database.ts";

/** Rows that are looked at page by page, by a key that has an index and never changes. */
export interface Subject {
  readonly table: string;
  readonly key: string;
  /** Which of the table's rows; all when absent. */
  readonly where?: string;
}

/** Something that is always so in a service's own data, and the rows for which it is not. */
export interface Invariant {
  /** Stable: reports, scripts and the documentation name it. */
  readonly code: string;
  /** What is always so, as a sentence. */
  readonly says: string;
  /** `warning`: a person should look, but the data are right. `violation` when absent. */
  readonly severity?: Severity;
  /** Demanded only of a shop in which nothing is under way. */
  readonly whenSettled?: true;
  /** What it speaks of. */
  readonly subject: Subject;
  /**
   * Selects what breaks it, in SQL that both engines understand. Every selected column is shown. Marks are filled in:
   * `{page column}` confines a column to the page, `{now}` and the other moments are milliseconds since 1970.
   */
  readonly broken: string | FindAll;
}

/** For what SQL alone cannot tell: finds what breaks the invariant in all of the data, while others write. */
export type FindAll = (database: Database) => Promise<BrokenRow[]>;

export type Severity = "violation" | "warning";

/** Moments that invariants are judged by. */
export interface Moments {
  readonly now: number;
  /** What a sweeper has to do is late when it is overdue by more than this, in milliseconds. */
  readonly patience: number;
  /** Idempotency keys that were used since then are still remembered. */
  readonly keysKeptSince: number;
  /** Of events that happened since then it is still remembered who has taken them in. */
  readonly inboxKeptSince: number;
}

/** Some of a subject's rows: a range of keys, or some keys. */
export type Scope =
  | { readonly after: string; readonly upTo: string | undefined }
  | { readonly keys: readonly string[] };

/** The condition that confines a column to the scope. */
export function within(column: string, scope: Scope): { readonly sql: string; readonly values: SqlValue[] } {
  if ("keys" in scope) return { sql: `${column} IN (?)`, values: [scope.keys] };
  if (scope.upTo === undefined) return { sql: `${column} > ?`, values: [scope.after] };
  return { sql: `${column} > ? AND ${column} <= ?`, values: [scope.after, scope.upTo] };
}

export type BrokenRow = Readonly<Record<string, string | number | null>>;

/** The rows of a scope that break the invariant; of all scopes, for a `FindAll`. Each question is one statement, so it sees one moment's data. */
export async function findBroken(
  database: Database,
  invariant: Invariant,
  scope: Scope,
  moments: Moments,
): Promise<BrokenRow[]> {
  const { broken } = invariant;
  if (typeof broken === "function") return broken(database);
  const values: SqlValue[] = [];
  const sql = broken.replaceAll(/\{(page )?([\w.]+)\}/g, (_mark, page: string | undefined, name: string) => {
    if (!page) {
      values.push(moments[name as keyof Moments]);
      return "?";
    }
    const condition = within(name, scope);
    values.push(...condition.values);
    return condition.sql;
  });
  return database.select<BrokenRow>(sql, values);
}
