import type { Database } from "../../mixins/database/database.ts";
import type { RecordedStatement } from "./statements.ts";

/** Tables whose size does not grow with sales: a scan of them is cheap. */
const small = new Map([
  ["migrations", "one row a step of the schema"],
  ["signing_keys", "one row each time the key is renewed"],
  ["schedules", "one row a job"],
  ["roles", "made by staff, one by one"],
  ["collections", "made by staff, a limited number"],
  ["attributes", "made by staff, at most 1,000"],
  ["product_types", "made by staff, at most 500"],
  ["search_synonyms", "made by staff, at most 500 groups"],
  ["search_pins", "made by staff, at most 1,000"],
  ["role_permissions", "one row a permission of such a role"],
  ["counted", "derived: a list's rows, no more of them than are few"],
  ["found", "derived: a list's rows when they are few"],
  ["named", "derived: categories and brands that a search names, up to a limit"],
  ["rarest", "derived: products that have a search's rarest word, up to a limit"],
  ["way", "derived: products of one way to say a search, up to a limit"],
  ["ways", "derived: products of all ways to say a search, up to a limit"],
  ["united", "derived: candidates of a search, up to a limit"],
  ["scored", "derived: candidates of a search, up to a limit"],
  ["shown", "derived: a list's rows that are on the page"],
]);

/** Statements that scan a table on purpose. */
const allowed: readonly { readonly sql: RegExp; readonly because: string }[] = [
  { sql: /^SELECT COUNT\(\*\) AS total FROM products$/, because: "an export tells how much there is to do" },
  {
    sql: /^SELECT COUNT\(\*\) AS total FROM \(SELECT .* LIMIT \?\) counted$/s,
    because: "counting stops at 10,000",
  },
];

/** A plan that scans a growing table. */
export interface Scan {
  readonly statement: RecordedStatement;
  readonly plan: string;
}

export function describeScans(scans: readonly Scan[]): string[] {
  return scans.map(
    ({ statement: { service, sql, from }, plan }) =>
      `${service}, ${from}: ${plan}\n    ${sql.replaceAll(/\s+/g, " ")}`,
  );
}

function isAllowed({ sql }: RecordedStatement): boolean {
  return allowed.some((exception) => exception.sql.test(sql.trim()));
}

/** Only statements that read or change existing rows have a plan. */
export function hasPlan({ sql }: RecordedStatement): boolean {
  return /^\s*(SELECT|UPDATE|DELETE|WITH)\b/i.test(sql);
}

/** SQLite's plan, which depends on indexes but not on row counts. */
export async function scansInSqlite(statement: RecordedStatement, database: Database): Promise<Scan[]> {
  const steps = await database.select<{ detail: string }>(
    `EXPLAIN QUERY PLAN ${statement.sql}`,
    statement.values,
  );
  const sorted = steps.some(({ detail }) => detail.includes("TEMP B-TREE FOR ORDER BY"));
  // In index or key order, up to the page's end: not a full scan.
  const inOrder = !sorted && / ORDER BY .* LIMIT \S+\s*$/s.test(statement.sql);
  return steps
    .map(({ detail }) => detail)
    .filter((detail) => {
      const [, alias] = /^SCAN (?!CONSTANT ROW$)(\w+)/.exec(detail) ?? [];
      return (
        alias !== undefined && !inOrder && !small.has(tableOf(alias, statement.sql)) && !isAllowed(statement)
      );
    })
    .map((plan) => ({ statement, plan }));
}

interface MariaDbStep {
  readonly table: string | null;
  readonly type: string | null;
  readonly key: string | null;
  readonly rows: number | string | null;
}

/** A derived table; what fills it is a step of its own. */
const derived = /^<(?:derived|union|subquery)\d/;

/** Above this number of rows, a scan exceeds a page. */
const manyRows = 2000;

/** Plan of MariaDB or MySQL for the present data. */
export async function scansInMysql(
  statement: RecordedStatement,
  explain: (sql: string) => Promise<readonly object[]>,
): Promise<Scan[]> {
  const steps = (await explain(`EXPLAIN ${statement.sql}`)) as MariaDbStep[];
  return steps
    .filter(({ table, type, rows }) => {
      const whole = type === "ALL" || type === "index";
      return (
        whole &&
        table !== null &&
        !derived.test(table) &&
        Number(rows) >= manyRows &&
        !small.has(tableOf(table, statement.sql)) &&
        !isAllowed(statement)
      );
    })
    .map(({ table, type, key, rows }) => ({
      statement,
      plan: `${type} of ${table}, ${rows} rows${key === null ? "" : ` by ${key}`}`,
    }));
}

function tableOf(alias: string, sql: string): string {
  const [, table = alias] =
    new RegExp(`(?:FROM|JOIN|UPDATE|INTO)\\s+(\\w+)\\s+(?:AS\\s+)?${alias}\\b`, "i").exec(sql) ?? [];
  return table;
}
