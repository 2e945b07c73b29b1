import { setTimeout as sleep } from "node:timers/promises";
import type { Sequelize } from "sequelize";
import { UniqueConstraintError } from "sequelize";
import { ShopError } from "../../services/contract/errors.ts";
import { newId } from "../../services/contract/ids.ts";
import type { Actor } from "../../services/contract/caller.ts";
import type { EventName, EventPayload } from "../../services/contract/calls.ts";
import { traceStatement, traceTransaction } from "../tracing/trace-database.ts";
import { currentSpan } from "../tracing/tracing.ts";
import type { EventEnvelope } from "../events/envelope.ts";
import { insertIntoOutbox } from "../events/outbox-table.ts";
import { GroupCommit } from "./group-commit.ts";
import { isContention, isDatabaseTrouble } from "./database-errors.ts";
import { readPreference } from "./read-preference.ts";
import { refuseWritesOutsideTransactions } from "./refuse-writes.ts";
import type { Replicas, ReplicaStatus } from "./replicas.ts";
import { inMysqlTransaction } from "./mysql-transaction.ts";
import type { OpenTransaction, Statement } from "./run-statement.ts";
import { onMysql, onSqlite, spreadLists } from "./run-statement.ts";
import { fileOf } from "./sqlite.ts";
import { announceStatement } from "./watch-statements.ts";
import { onDisk } from "./write-ahead-log.ts";

/** On whose behalf a change happens; it is written into the events that the change causes. */
export interface Origin {
  readonly actor: Actor;
  readonly requestId: string;
}

/** A transaction on the service's own primary. Everything that takes one commits or fails together. */
export interface Tx {
  /** For the database alone, which finds its connection in there. */
  readonly handle: OpenTransaction;
  /**
   * Publishes a durable event with this transaction: it is delivered if and only if the transaction commits,
   * and it takes effect exactly once at each consumer.
   */
  publish<N extends EventName>(name: N, payload: EventPayload<N>): void;
  /** The same transaction, publishing on someone else's behalf. */
  as(origin: Origin): Tx;
}

const attempts = 6;
const backoffMs = 8;
/** No try is begun later than this: whoever asked has given up by then. */
const patienceMs = 10_000;

/** For what publishes nothing. */
const nobody: Origin = { actor: { kind: "system", id: "database" }, requestId: "database" };

export type SqlValue = string | number | null | readonly (string | number)[];

/** A row's values by column. */
export type Row = Readonly<Record<string, SqlValue>>;

/** A service's own data: one SQLite file, or one schema on a primary with its replicas. */
export class Database {
  readonly sequelize: Sequelize;
  readonly engine: "sqlite" | "mysql";
  readonly #publicationListeners: ((events: readonly EventEnvelope[]) => void)[] = [];
  readonly #replicas: Replicas | undefined;
  /** For SQLite only. */
  readonly #file: string;
  /** For SQLite only. */
  readonly #group: GroupCommit | undefined;

  constructor(sequelize: Sequelize, replicas?: Replicas) {
    this.sequelize = sequelize;
    this.#replicas = replicas;
    this.engine = sequelize.getDialect() === "sqlite" ? "sqlite" : "mysql";
    this.#file = fileOf(sequelize);
    this.#group = this.engine === "sqlite" ? new GroupCommit(sequelize, this.#file) : undefined;
    refuseWritesOutsideTransactions(sequelize);
  }

  /**
   * Reads rows by SQL that both engines understand, with `?` for each value. Inside a transaction it sees that
   * transaction's writes; outside it may be answered by a replica, and shows nothing that a loss of power could undo.
   */
  async select<R extends object>(sql: string, values: readonly SqlValue[] = [], tx?: Tx): Promise<R[]> {
    announceStatement(this, sql, values);
    const statement = spreadLists(sql, values);
    const query = async (server: Sequelize) =>
      (this.engine === "sqlite"
        ? await this.#rows(server, statement, tx)
        : await onMysql(server, tx?.handle, statement.sql, statement.values)) as R[];
    return traceStatement(this.engine, sql, () =>
      reachable(!tx && this.#replicas && readPreference() === "replica" ? this.#replicas.read(query) : query(this.sequelize)),
    );
  }

  async #rows(server: Sequelize, { sql, values }: Statement, tx?: Tx): Promise<object[]> {
    const rows = await onSqlite(server, tx?.handle, (connection) => connection.rows(sql, values));
    // A transaction waits in the end.
    if (!tx) await onDisk(this.#file);
    return rows;
  }

  /** The replicas as they are now; empty where there are none. */
  replicaStatus(): ReplicaStatus[] {
    return this.#replicas?.status() ?? [];
  }

  /**
   * Changes rows by SQL that both engines understand, with `?` for each value (an array for `IN (?)`).
   *
   * @returns how many rows it changed; with a condition in the statement, this decides who won a race
   */
  execute(sql: string, values: readonly SqlValue[], tx: Tx): Promise<number> {
    return this.#change(sql, values, tx.handle);
  }

  /**
   * Inserts one row unless a row with its key exists.
   *
   * @returns whether it was inserted
   */
  insertNew(table: string, row: Row, tx: Tx): Promise<boolean> {
    return this.#insert(table, row, tx.handle);
  }

  /** As `insertNew`, in a transaction of its own, which takes a server one question instead of three. */
  insertNewAlone(table: string, row: Row): Promise<boolean> {
    return this.#untilItCommits(() =>
      this.engine === "sqlite" ? this.#once(nobody, (tx) => this.insertNew(table, row, tx)) : this.#insert(table, row),
    );
  }

  /** `listener` is called after each commit that published events, with these; with none when old ones are to be sent again. */
  onPublished(listener: (events: readonly EventEnvelope[]) => void): void {
    this.#publicationListeners.push(listener);
  }

  /** Tells the listeners that there are events to deliver. */
  announcePublished(events: readonly EventEnvelope[] = []): void {
    for (const listener of this.#publicationListeners) listener(events);
  }

  /** ` FOR UPDATE` where the engine has row locks; SQLite has one writer at a time anyway. */
  get forUpdate(): "" | " FOR UPDATE" {
    return this.engine === "sqlite" ? "" : " FOR UPDATE";
  }

  /** A join whose tables are read in the order in which they are written, on the word of who wrote it. */
  get joinInOrder(): "CROSS JOIN" | "STRAIGHT_JOIN" {
    return this.engine === "sqlite" ? "CROSS JOIN" : "STRAIGHT_JOIN";
  }

  /**
   * Runs `work` in a transaction on the primary and commits it together with the events that it published.
   * When the database picks it as a deadlock's victim, it runs again, so `work` must have no effect besides `tx`:
   * no calls to other services.
   *
   * Isolation is READ COMMITTED: contested rows change by a conditional update or under a locking read.
   *
   * @throws ShopError `unavailable` when the database is away, or gives way to others time and again
   */
  transaction<T>(origin: Origin, work: (tx: Tx) => Promise<T>): Promise<T> {
    const once = async () => {
      announceStatement(this, "BEGIN", []);
      return this.#once(origin, work);
    };
    return traceTransaction(this.engine, () => this.#untilItCommits(once));
  }

  async #untilItCommits<T>(once: () => Promise<T>): Promise<T> {
    const giveUpAt = Date.now() + patienceMs;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once();
      } catch (error) {
        if (!isContention(error)) return reachable(Promise.reject(error));
        if (attempt === attempts || Date.now() >= giveUpAt) throw new ShopError("unavailable", undefined, { cause: "database" });
        await sleep(Math.random() * backoffMs * 2 ** attempt);
      }
    }
  }

  async #once<T>(origin: Origin, work: (tx: Tx) => Promise<T>): Promise<T> {
    const published: EventEnvelope[] = [];
    const result = await this.#inTransaction(async (handle) => {
      const behalfOf = ({ actor, requestId }: Origin): Tx => ({
        handle,
        publish: (name, payload) =>
          published.push({ id: newId(), name, occurredAt: Date.now(), actor, requestId, ...ofTrace(), payload } as EventEnvelope),
        as: behalfOf,
      });
      const tx = behalfOf(origin);
      const value = await work(tx);
      if (published.length > 0) await insertIntoOutbox(this, published, tx);
      return value;
    });
    if (published.length > 0) this.announcePublished(published);
    return result;
  }

  /** Without a transaction, it is one by itself. */
  async #change(sql: string, values: readonly SqlValue[], handle?: OpenTransaction): Promise<number> {
    announceStatement(this, sql, values);
    const statement = spreadLists(sql, values);
    return traceStatement(this.engine, sql, async () => {
      if (this.engine === "sqlite")
        return onSqlite(this.sequelize, handle, (connection) => connection.change(statement.sql, statement.values));
      const result = await onMysql(this.sequelize, handle, statement.sql, statement.values);
      return "affectedRows" in result ? (result.affectedRows ?? 0) : 0;
    });
  }

  async #insert(table: string, row: Row, handle?: OpenTransaction): Promise<boolean> {
    const marks = Object.keys(row).map(() => "?");
    const sql = `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${marks.join(", ")})`;
    try {
      await this.#change(sql, Object.values(row), handle);
      return true;
    } catch (error) {
      // Not the engines' IGNORE: it would swallow other faults, such as a value that does not fit, as well.
      if (error instanceof UniqueConstraintError) return false;
      throw error;
    }
  }

  #inTransaction<T>(work: (handle: OpenTransaction) => Promise<T>): Promise<T> {
    return this.#group?.run(work) ?? inMysqlTransaction(this.sequelize, work);
  }
}

/** What lets consumers go on with the trace; nothing where there is none. */
function ofTrace(): { traceparent?: string } {
  const span = currentSpan();
  return span ? { traceparent: span.traceparent } : {};
}

/** A database that is away, or full, is nothing that the caller did: it is told to try again. */
async function reachable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isDatabaseTrouble(error)) throw new ShopError("unavailable", undefined, { cause: "database" });
    throw error;
  }
}
