import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as yieldToEventLoop } from "node:timers/promises";
import type { Sequelize } from "sequelize";
import { Checkpointer } from "./checkpointer.ts";
import type { OpenTransaction } from "../types.ts";
import { runSqlite } from "../run-statement.ts";
import { SqliteTransactions } from "./transaction.ts";
import { syncFailureOf, flushed } from "./wal-sync.ts";

const maxGroupSize = 64;
/** A gateway starts requests a few per event-loop iteration. */
const maxGatherTicks = 4;

/**
 * Runs a member's work within the group's transaction and returns the function that resolves it after the
 * commit.
 */
type Member = {
  readonly execute: (handle: OpenTransaction, alone: boolean) => Promise<() => void>;
  readonly fail: (error: unknown) => void;
};

/**
 * Group commit for one SQLite file, which has a single writer: queued transactions commit together, each as a
 * savepoint that sees its predecessors and rolls back alone. They resolve once the commit is durable, as are
 * all commits before it; the next group runs while the previous one is synced.
 */
export class GroupCommit {
  readonly #sequelize: Sequelize;
  readonly #file: string;
  readonly #checkpointer: Checkpointer;
  readonly #transactions: SqliteTransactions;
  #waiting: Member[] = [];
  #busy = false;
  /** Resolves when the previous group has been resolved. */
  #previousGroup: Promise<void> | undefined;

  constructor(sequelize: Sequelize, file: string) {
    this.#sequelize = sequelize;
    this.#file = file;
    this.#checkpointer = new Checkpointer(file);
    this.#transactions = new SqliteTransactions(sequelize);
  }

  /** Runs work in a transaction, in order of arrival. */
  run<T>(work: (handle: OpenTransaction) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      // Each member keeps the async context of its own request.
      const ownWork = AsyncLocalStorage.bind(work);
      const execute = async (handle: OpenTransaction, alone: boolean) => {
        if (alone) {
          const value = await ownWork(handle);
          return () => resolve(value);
        }
        await this.#transactions.command("SAVEPOINT member", handle);
        try {
          const value = await ownWork(handle);
          await this.#transactions.command("RELEASE member", handle);
          return () => resolve(value);
        } catch (error) {
          // SQLite may have rolled back the whole transaction, e.g. on a full disk; then the savepoint is
          // gone, and all members fail with this error.
          await this.#rollBackMember(handle).catch(() => Promise.reject(error));
          return () => reject(error);
        }
      };
      this.#waiting.push({ execute, fail: reject });
      if (!this.#busy) void this.#commitGroups();
    });
  }

  async #rollBackMember(handle: OpenTransaction): Promise<void> {
    await this.#transactions.command("ROLLBACK TO member", handle);
    await this.#transactions.command("RELEASE member", handle);
  }

  async #commitGroups(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      await this.#gather();
      const group = this.#waiting.splice(0, maxGroupSize);
      const settled = this.#settle(group, await this.#commit(group));
      // Pipelining: the next group commits during this group's sync, and later arrivals join the group after
      // it.
      await this.#previousGroup;
      this.#previousGroup = settled;
      if (!syncFailureOf(this.#file)) await this.#checkpointer.afterGroup(() => this.#walPages());
    }
    this.#busy = false;
  }

  /** Lets concurrent requests join the group, as long as each event-loop iteration brings more of them. */
  async #gather(): Promise<void> {
    for (let tick = 0; tick < maxGatherTicks; tick += 1) {
      const before = this.#waiting.length;
      await yieldToEventLoop();
      if (this.#waiting.length === before || this.#waiting.length >= maxGroupSize) return;
    }
  }

  /** @returns functions that resolve or reject the members after the sync */
  async #commit(group: readonly Member[]): Promise<readonly (() => void)[]> {
    const settlements: (() => void)[] = [];
    try {
      const failure = syncFailureOf(this.#file);
      if (failure) throw failure;
      await this.#transactions.run(async (handle) => {
        for (const member of group) settlements.push(await member.execute(handle, group.length === 1));
      });
      return settlements;
    } catch (error) {
      return group.map((member) => () => member.fail(error));
    }
  }

  /** Failures wait for the sync too: they may depend on data that was read. */
  async #settle(group: readonly Member[], settlements: readonly (() => void)[]): Promise<void> {
    try {
      await flushed(this.#file);
    } catch (failure) {
      for (const member of group) member.fail(failure);
      return;
    }
    for (const settle of settlements) settle();
  }

  async #walPages(): Promise<number> {
    const [row] = (await runSqlite(this.#sequelize, undefined, (connection) =>
      connection.rows("PRAGMA wal_checkpoint(NOOP)", []),
    )) as { log: number }[];
    return row?.log ?? 0;
  }
}
