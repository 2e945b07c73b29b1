import { QueryTypes } from "sequelize";
import type { Config } from "../../config/index.ts";
import { openMysql } from "../../mixins/database/mysql/open.ts";
import { openSqlite } from "../../mixins/database/sqlite/open.ts";

/** Database constraints, independent of the shop's code. */
const constraints = {
  stock_not_negative: {
    service: "catalog",
    table: "stock",
    check: "on_hand >= 0 AND reserved >= 0 AND sold >= 0 AND returned >= 0 AND received >= 0",
  },
  stock_adds_up: {
    service: "catalog",
    table: "stock",
    check: "on_hand + reserved + sold - returned = received",
  },
  checkouts_key: { service: "orders", table: "checkouts", unique: "customer_id, idempotency_key" },
  timeline_of_order: { service: "orders", table: "timeline", unique: "order_id, order_version" },
} as const satisfies Record<string, { service: string; table: string; check?: string; unique?: string }>;

export type Constraint = keyof typeof constraints;

/**
 * Drops constraints, like a manual schema change.
 *
 * @returns a function that restores them once the data comply again
 */
export async function loosen(config: Config, names: readonly Constraint[]): Promise<() => Promise<void>> {
  for (const name of names) await drop(config, name);
  return async () => {
    for (const name of names) await restore(config, name);
  };
}

async function drop(config: Config, name: Constraint): Promise<void> {
  const { service, table, ...rule } = constraints[name];
  await onSchema(config, service, async (run, engine) => {
    if (engine === "mysql")
      await run(`ALTER TABLE ${table} DROP ${"unique" in rule ? "INDEX" : "CONSTRAINT"} ${name}`);
    else if ("unique" in rule) await run(`DROP INDEX ${name}`);
    else await rebuild(table, name, run);
  });
}

async function restore(config: Config, name: Constraint): Promise<void> {
  const { service, table, ...rule } = constraints[name];
  await onSchema(config, service, async (run, engine) => {
    // An embedded shop's file is deleted with its test.
    if (engine === "sqlite") return;
    if ("unique" in rule) await run(`CREATE UNIQUE INDEX ${name} ON ${table} (${rule.unique})`);
    else await run(`ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${rule.check})`);
  });
}

type Run = (sql: string) => Promise<{ sql: string }[]>;

/** SQLite cannot drop a check from a table. */
async function rebuild(table: string, name: string, run: Run): Promise<void> {
  const [made] = await run(`SELECT sql FROM sqlite_master WHERE name = '${table}'`);
  const without = made?.sql.replace(new RegExp(`,\\s*CONSTRAINT ${name}\\s+CHECK \\([^)]*\\)`), "") ?? "";
  await run(`ALTER TABLE ${table} RENAME TO strict_${table}`);
  await run(without);
  await run(`INSERT INTO ${table} SELECT * FROM strict_${table}`);
  await run(`DROP TABLE strict_${table}`);
}

async function onSchema(
  { database }: Config,
  service: string,
  work: (run: Run, engine: "sqlite" | "mysql") => Promise<void>,
): Promise<void> {
  const server =
    database.engine === "sqlite"
      ? openSqlite(database.file(service))
      : openMysql(database.primary, { schema: database.schema(service), ...database.migration }, 1);
  const run: Run = (sql) =>
    sql.startsWith("SELECT")
      ? server.query<{ sql: string }>(sql, { type: QueryTypes.SELECT })
      : server.query(sql).then(() => []);
  try {
    await work(run, database.engine);
  } finally {
    await server.close();
  }
}
