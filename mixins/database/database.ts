import { setTimeout as sleep } from "node:timers/promises";
import type { Sequelize } from "sequelize";
import { UniqueConstraintError } from "sequelize";
import { ShopError } from "../contract/errors.ts";
import { newId } from "../contract/ids.ts";
import { traceStatement, traceTransaction } from "../observability/tracing/trace-database.ts";
import { currentSpan } from "../observability/tracing/tracing.ts";
import type { EventEnvelope } from "../events/envelope.ts";
import { insertIntoOutbox } from "../events/insert-into-outbox.ts";
import { GroupCommit } from "./sqlite/group-commit.ts";
import { isContention, isOutage } from "./database-errors.ts";
import type { Upsert } from "./query/upsert.ts";
import { upsertStatements } from "./query/upsert.ts";
import { readPreference } from "./read-preference.ts";
import { guardWrites } from "./guard-writes.ts";
import { runModelQueries } from "./model-queries.ts";
import type { Replicas, ReplicaStatus } from "./mysql/replicas.ts";
import { runMysqlTransaction } from "./mysql/transaction.ts";
import type { OpenTransaction, Origin, Row, SqlValue, Statement, Tx } from "./types.ts";
import { runMysql, runSqlite, expandInLists } from "./run-statement.ts";
import { fileOf } from "./sqlite/open.ts";
import { OutageLog } from "./outage-log.ts";
import { notifyStatement } from "./statement-observer.ts";
import { flushed } from "./sqlite/wal-sync.ts";

const maxAttempts = 6;
const firstBackoffMs = 8;
/** No attempt starts later than this: callers have timed out by then. */
const retryTimeoutMs = 10_000;

/** Origin of transactions that publish no events. */
const systemOrigin: Origin = { actor: { kind: "system", id: "database" }, requestId: "database" };

export type { Origin, Row, SqlValue, Tx } from "./types.ts";

/** A service's own data: one SQLite file, or one schema on a primary with replicas. */
export class Database {
  readonly sequelize: Sequelize;
  readonly engine: "sqlite" | "mysql";
  readonly #publicationListeners: ((events: readonly EventEnvelope[]) => void)[] = [];
  readonly #replicas: Replicas | undefined;
  /** SQLite only. */
  readonly #file: string;
  /** SQLite only. */
  readonly #groupCommit: GroupCommit | undefined;
  readonly #outageLog: OutageLog | undefined;

  /** @param log receives the reason while the database is unavailable */
  constructor(sequelize: Sequelize, replicas?: Replicas, log?: (line: string) => void) {
    this.sequelize = sequelize;
    this.#replicas = replicas;
    this.#outageLog = log && new OutageLog(log);
    this.engine = sequelize.getDialect() === "sqlite" ? "sqlite" : "mysql";
    this.#file = fileOf(sequelize);
    this.#groupCommit = this.engine === "sqlite" ? new GroupCommit(sequelize, this.#file) : undefined;
    runModelQueries(this);
    guardWrites(sequelize);
  }

  /**
   * Runs a SELECT that both engines understand, with `?` for each value. A transaction reads its own writes;
   * outside one a replica may answer, and only durable rows are returned.
   */
  async select<R extends object>(sql: string, values: readonly SqlValue[] = [], tx?: Tx): Promise<R[]> {
    notifyStatement(this, sql, values);
    const statement = expandInLists(sql, values);
    const query = async (server: Sequelize) =>
      (this.engine === "sqlite"
        ? await this.#rows(server, statement, tx)
        : await runMysql(server, tx?.handle, statement.sql, statement.values)) as R[];
    return traceStatement(this.engine, sql, () =>
      this.mapOutage(
        !tx && this.#replicas && readPreference() === "replica"
          ? this.#replicas.read(query)
          : query(this.sequelize),
      ),
    );
  }

  async #rows(server: Sequelize, { sql, values }: Statement, tx?: Tx): Promise<object[]> {
    const rows = await runSqlite(server, tx?.handle, (connection) => connection.rows(sql, values));
    // Transactions wait for durability once, at commit.
    if (!tx) await flushed(this.#file);
    return rows;
  }

  /** State of the replicas; empty without replicas. */
  replicaStatus(): ReplicaStatus[] {
    return this.#replicas?.status() ?? [];
  }

  /**
   * Runs a write that both engines understand, with `?` for each value (an array for `IN (?)`).
   *
   * @returns the number of affected rows, which decides a race when the statement is conditional
   */
  execute(sql: string, values: readonly SqlValue[], tx: Tx): Promise<number> {
    return this.#change(sql, values, tx.handle);
  }

  /**
   * Inserts a row unless its key exists.
   *
   * @returns whether it was inserted
   */
  insertIfAbsent(table: string, row: Row, tx: Tx): Promise<boolean> {
    return this.#insert(table, row, tx.handle);
  }

  /** Inserts rows, and combines each with the row that has its key; one statement for many rows. */
  async upsert(upsert: Upsert, rows: readonly Row[], tx: Tx): Promise<void> {
    for (const { sql, values } of upsertStatements(this.engine, upsert, rows))
      await this.execute(sql, values, tx);
  }

  /** `insertIfAbsent` in a transaction of its own: one round trip on MySQL instead of three. */
  insertIfAbsentWithAutocommit(table: string, row: Row): Promise<boolean> {
    return this.#retryOnContention(() =>
      this.engine === "sqlite"
        ? this.#runOnce(systemOrigin, (tx) => this.insertIfAbsent(table, row, tx))
        : this.#insert(table, row),
    );
  }

  /**
   * Calls `listener` after each commit that published events, with those events; with none when the outbox
   * must be read again.
   */
  onPublished(listener: (events: readonly EventEnvelope[]) => void): void {
    this.#publicationListeners.push(listener);
  }

  /** Notifies the listeners that events wait for delivery. */
  notifyPublished(events: readonly EventEnvelope[] = []): void {
    for (const listener of this.#publicationListeners) listener(events);
  }

  /** ` FOR UPDATE` on engines with row locks; SQLite has a single writer. */
  get forUpdate(): "" | " FOR UPDATE" {
    return this.engine === "sqlite" ? "" : " FOR UPDATE";
  }

  /** Lets others read the rows under a lock too, but change none until the transaction ends. */
  get forShare(): "" | " LOCK IN SHARE MODE" {
    return this.engine === "sqlite" ? "" : " LOCK IN SHARE MODE";
  }

  /** Joins tables in the written order, overriding the query planner. */
  get straightJoin(): "CROSS JOIN" | "STRAIGHT_JOIN" {
    return this.engine === "sqlite" ? "CROSS JOIN" : "STRAIGHT_JOIN";
  }

  /**
   * Runs `work` in a transaction on the primary and commits it with its published events. Retries on
   * deadlock, so `work` must have no effect outside `tx` and must not call other services. Isolation is READ
   * COMMITTED: contested rows change by a conditional update or under a locking read.
   *
   * @throws ShopError `unavailable` when the database is unavailable or the deadlock persists
   */
  transaction<T>(origin: Origin, work: (tx: Tx) => Promise<T>): Promise<T> {
    const runOnce = async () => {
      notifyStatement(this, "BEGIN", []);
      return this.#runOnce(origin, work);
    };
    return traceTransaction(this.engine, () => this.#retryOnContention(runOnce));
  }

  async #retryOnContention<T>(run: () => Promise<T>): Promise<T> {
    const deadline = Date.now() + retryTimeoutMs;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run();
      } catch (error) {
        if (!isContention(error)) return this.mapOutage(Promise.reject(error));
        if (attempt === maxAttempts || Date.now() >= deadline)
          throw new ShopError("unavailable", undefined, { cause: "database" });
        await sleep(Math.random() * firstBackoffMs * 2 ** attempt);
      }
    }
  }

  async #runOnce<T>(origin: Origin, work: (tx: Tx) => Promise<T>): Promise<T> {
    const published: EventEnvelope[] = [];
    const result = await this.#inTransaction(async (handle) => {
      const txFor = ({ actor, requestId }: Origin): Tx => ({
        handle,
        publish: (name, payload) =>
          published.push({
            id: newId(),
            name,
            occurredAt: Date.now(),
            actor,
            requestId,
            ...traceContext(),
            payload,
          } as EventEnvelope),
        as: txFor,
      });
      const tx = txFor(origin);
      const value = await work(tx);
      if (published.length > 0) await insertIntoOutbox(this, published, tx);
      return value;
    });
    if (published.length > 0) this.notifyPublished(published);
    return result;
  }

  /** Without a transaction the statement commits by itself. */
  async #change(sql: string, values: readonly SqlValue[], handle?: OpenTransaction): Promise<number> {
    notifyStatement(this, sql, values);
    const statement = expandInLists(sql, values);
    return traceStatement(this.engine, sql, async () => {
      if (this.engine === "sqlite")
        return runSqlite(this.sequelize, handle, (connection) =>
          connection.change(statement.sql, statement.values),
        );
      const result = await runMysql(this.sequelize, handle, statement.sql, statement.values);
      return "affectedRows" in result ? (result.affectedRows ?? 0) : 0;
    });
  }

  async #insert(table: string, row: Row, handle?: OpenTransaction): Promise<boolean> {
    const placeholders = Object.keys(row).map(() => "?");
    const sql = `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${placeholders.join(", ")})`;
    try {
      await this.#change(sql, Object.values(row), handle);
      return true;
    } catch (error) {
      // The engines' IGNORE would also swallow other errors, such as a value that does not fit.
      if (error instanceof UniqueConstraintError) return false;
      throw error;
    }
  }

  /**
   * Turns unavailability of the database into a retryable error.
   *
   * @throws ShopError `unavailable`
   */
  async mapOutage<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!isOutage(error)) throw error;
      this.#outageLog?.record(error);
      throw new ShopError("unavailable", undefined, { cause: "database" });
    }
  }

  #inTransaction<T>(work: (handle: OpenTransaction) => Promise<T>): Promise<T> {
    return this.#groupCommit?.run(work) ?? runMysqlTransaction(this.sequelize, work);
  }
}

/** The trace context that consumers continue, if any. */
function traceContext(): { traceparent?: string } {
  const span = currentSpan();
  return span ? { traceparent: span.traceparent } : {};
}
