import type { Database } from "../../mixins/database/database.ts";
import type { RecordedStatement } from "./statements.ts";

/** Tables that stay small however much is sold: a scan of them is cheap. */
const small = new Map([
  ["migrations", "one row a step of the schema"],
  ["signing_keys", "one row each time the key is renewed"],
  ["schedules", "one row a job"],
  ["roles", "made by staff, one by one"],
  ["role_permissions", "one row a permission of such a role"],
  ["counted", "derived: a list's rows, no more of them than are few"],
  ["found", "derived: a list's rows when they are few"],
  ["shown", "derived: a list's rows that are on the page"],
]);

/** Statements that read all of a table for a reason. */
const allowed: readonly { readonly sql: RegExp; readonly because: string }[] = [
  { sql: /^SELECT COUNT\(\*\) AS total FROM/, because: "who asks for `count` asks for all to be counted" },
];

/** A plan that reads all of a table that grows. */
export interface Scan {
  readonly statement: RecordedStatement;
  readonly plan: string;
}

export function describeScans(scans: readonly Scan[]): string[] {
  return scans.map(({ statement: { service, sql, from }, plan }) => `${service}, ${from}: ${plan}\n    ${sql.replaceAll(/\s+/g, " ")}`);
}

function isAllowed({ sql }: RecordedStatement): boolean {
  return allowed.some((exception) => exception.sql.test(sql.trim()));
}

/** Only what reads or changes rows that are there has a plan. */
export function hasPlan({ sql }: RecordedStatement): boolean {
  return /^\s*(SELECT|UPDATE|DELETE|WITH)\b/i.test(sql);
}

/** What SQLite would do; it decides by the indexes that there are, and not by how many rows. */
export async function scansInSqlite(statement: RecordedStatement, database: Database): Promise<Scan[]> {
  const steps = await database.select<{ detail: string }>(`EXPLAIN QUERY PLAN ${statement.sql}`, statement.values);
  const sorted = steps.some(({ detail }) => detail.includes("TEMP B-TREE FOR ORDER BY"));
  // In the order of an index, or of the key, until the page is full: that is no scan of all.
  const inOrder = !sorted && / ORDER BY .* LIMIT \S+\s*$/s.test(statement.sql);
  return steps
    .map(({ detail }) => detail)
    .filter((detail) => {
      const [, alias] = /^SCAN (?!CONSTANT ROW$)(\w+)/.exec(detail) ?? [];
      return alias !== undefined && !inOrder && !small.has(tableOf(alias, statement.sql)) && !isAllowed(statement);
    })
    .map((plan) => ({ statement, plan }));
}

interface MariaDbStep {
  readonly table: string | null;
  readonly type: string | null;
  readonly key: string | null;
  readonly rows: number | string | null;
}

/** So many rows and more are more than a page. */
const manyRows = 2000;

/** What MariaDB or MySQL would do with the data that there is. */
export async function scansInMysql(statement: RecordedStatement, explain: (sql: string) => Promise<readonly object[]>): Promise<Scan[]> {
  const steps = (await explain(`EXPLAIN ${statement.sql}`)) as MariaDbStep[];
  return steps
    .filter(({ table, type, rows }) => {
      const whole = type === "ALL" || type === "index";
      return whole && table !== null && Number(rows) >= manyRows && !small.has(tableOf(table, statement.sql)) && !isAllowed(statement);
    })
    .map(({ table, type, key, rows }) => ({ statement, plan: `${type} of ${table}, ${rows} rows${key === null ? "" : ` by ${key}`}` }));
}

function tableOf(alias: string, sql: string): string {
  const [, table = alias] = new RegExp(`(?:FROM|JOIN|UPDATE|INTO)\\s+(\\w+)\\s+(?:AS\\s+)?${alias}\\b`, "i").exec(sql) ?? [];
  return table;
}
