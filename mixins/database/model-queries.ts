import type { Model, ModelStatic, QueryOptions, Sequelize, Transaction } from "sequelize";
import { literal, QueryTypes } from "sequelize";
import type { Internals } from "./run-statement.ts";
import type { SqlValue, Tx } from "./types.ts";

/** The part of `Database` that models use. */
interface StatementRunner {
  readonly sequelize: Sequelize;
  select<R extends object>(sql: string, values: readonly SqlValue[], tx?: Tx): Promise<R[]>;
  execute(sql: string, values: readonly SqlValue[], tx?: Tx): Promise<number>;
}

/** Carries a service's transaction through Sequelize's options, which copy plain objects but not class instances. */
class ServiceTransaction {
  readonly tx: Tx;

  constructor(tx: Tx) {
    this.tx = tx;
  }
}

/** Options that run a model's query in a service's transaction: `model.create(values, inTransaction(tx))`. */
export function inTransaction(tx: Tx): { transaction: Transaction; returning: false } {
  return { transaction: new ServiceTransaction(tx) as unknown as Transaction, returning: false };
}

interface BoundSql {
  /** With `$1` for the first value. */
  readonly query: string;
  readonly bind: readonly (string | number | null)[];
}

interface ModelQueryOptions extends QueryOptions {
  readonly model?: ModelStatic<Model>;
}

/** Parts of Sequelize's query generator that its types leave out. */
interface Generator {
  bindParam(bind: unknown[]): unknown;
  whereItemsQuery(where: unknown, options: object): string;
  selectQuery(table: unknown, options: object, model: unknown): string;
  deleteQuery(table: unknown, where: unknown, options: object, model: unknown): string;
}

interface QueryInterfaceInternals {
  readonly queryGenerator: Generator;
  select(model: unknown, table: unknown, options: { readonly where?: unknown }): Promise<unknown>;
  bulkDelete(table: unknown, where: unknown, options: object, model: unknown): Promise<unknown>;
}

/**
 * Runs models' queries through the service's `Database`, with its connections, read preference, outage mapping,
 * statement observers and traces. Sequelize inlines the values of SELECT and DELETE; here they are bound, as in its
 * INSERT and UPDATE. Queries without a model (migrations) are not affected.
 */
export function runModelQueries(database: StatementRunner): void {
  const { sequelize } = database;
  bindConditions(sequelize);
  const query = sequelize.query.bind(sequelize) as (sql: unknown, options?: QueryOptions) => Promise<unknown>;
  const routed = (sql: unknown, options: ModelQueryOptions = {}) => {
    const hasModel = options.model ?? options.instance;
    if (hasModel && isBound(sql)) return runBound(database, sql, options);
    if (options.transaction instanceof ServiceTransaction)
      throw new Error(`use SQL instead of this query of a model: ${String(sql)}`);
    return query(sql, options);
  };
  sequelize.query = routed as Sequelize["query"];
}

function bindConditions(sequelize: Sequelize): void {
  const queries = sequelize.getQueryInterface() as unknown as QueryInterfaceInternals;
  const { queryGenerator: generator } = queries;
  const bound = (where: unknown, model: unknown, make: (condition: unknown) => string): BoundSql => {
    const bind: BoundSql["bind"][number][] = [];
    const condition = generator.whereItemsQuery(where, { model, bindParam: generator.bindParam(bind) });
    return { query: make(condition === "" ? undefined : literal(condition)), bind };
  };
  queries.select = (model, table, options) => {
    const all = { ...options, type: QueryTypes.SELECT, model };
    const sql = bound(options.where, model, (where) =>
      generator.selectQuery(table, { ...all, where }, model),
    );
    return sequelize.query(sql as never, all);
  };
  queries.bulkDelete = (table, where, options, model) => {
    const all = { ...options, type: QueryTypes.BULKDELETE, model };
    const sql = bound(where, model, (condition) => generator.deleteQuery(table, condition, all, model));
    return sequelize.query(sql as never, all);
  };
}

function isBound(sql: unknown): sql is BoundSql {
  return typeof sql === "object" && sql !== null && "query" in sql && "bind" in sql;
}

async function runBound(
  database: StatementRunner,
  bound: BoundSql,
  options: ModelQueryOptions,
): Promise<unknown> {
  const { sequelize } = database;
  const { sql, values } = positional(bound);
  const tx = options.transaction instanceof ServiceTransaction ? options.transaction.tx : undefined;
  if (options.type === QueryTypes.SELECT) {
    const rows = await database.select<object>(sql, values, tx);
    const { dialect } = sequelize as unknown as Internals<unknown>;
    return new dialect.Query(undefined, sequelize, options).handleSelectQuery(rows);
  }
  if (!tx) throw new Error("a write needs a transaction: pass `inTransaction(tx)`");
  const changed = await database.execute(sql, values, tx);
  const isBulk = options.type === QueryTypes.BULKUPDATE || options.type === QueryTypes.BULKDELETE;
  return isBulk ? changed : [options.instance, changed];
}

/** @throws Error for an inlined text value, e.g. of an `IN` list: the driver would replace a `?` inside it */
function positional({ query, bind }: BoundSql): { sql: string; values: (string | number | null)[] } {
  if (/['?]/.test(query))
    throw new Error(`use SQL instead of this query of a model, which inlines a value: ${query}`);
  const values: (string | number | null)[] = [];
  const sql = query.replaceAll(/\$(\d+)/g, (_placeholder, position: string) => {
    values.push(bind[Number(position) - 1] ?? null);
    return "?";
  });
  return { sql, values };
}
