import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Sequelize } from "sequelize";
import { Checkpoints } from "./checkpoints.ts";
import type { OpenTransaction } from "./run-statement.ts";
import { onSqlite } from "./run-statement.ts";
import { SqliteTransactions } from "./sqlite-transactions.ts";
import { lossOf, onDisk } from "./write-ahead-log.ts";

const mostTogether = 64;
/** A gateway begins requests a few at a time. */
const mostTurns = 4;

/** Within a group's transaction: does its work, and says what to do when the group's commit is certain. */
type Member = {
  readonly join: (handle: OpenTransaction, alone: boolean) => Promise<() => void>;
  readonly fail: (error: unknown) => void;
};

/**
 * The transactions of one SQLite file. SQLite has one writer; so those that wait for their turn are committed together. Each
 * sees what those before it did, and is undone alone when it fails. None is answered before the commit is on disk, nor before
 * those are on which it was built: the next group is made while the disk still writes the one before.
 */
export class GroupCommit {
  readonly #sequelize: Sequelize;
  readonly #file: string;
  readonly #checkpoints: Checkpoints;
  readonly #transactions: SqliteTransactions;
  #waiting: Member[] = [];
  #busy = false;
  /** The group before is answered. */
  #before: Promise<void> | undefined;

  constructor(sequelize: Sequelize, file: string) {
    this.#sequelize = sequelize;
    this.#file = file;
    this.#checkpoints = new Checkpoints(file);
    this.#transactions = new SqliteTransactions(sequelize);
  }

  /** Runs work in a transaction, in order of arrival. */
  run<T>(work: (handle: OpenTransaction) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      // Whoever serves the group, each member goes on as the request that it came from.
      const ownWork = AsyncLocalStorage.bind(work);
      const join = async (handle: OpenTransaction, alone: boolean) => {
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
          // Where SQLite has undone the whole transaction, as when the disk is full, the savepoint is gone too: all fail with what was wrong.
          await this.#undoMember(handle).catch(() => Promise.reject(error));
          return () => reject(error);
        }
      };
      this.#waiting.push({ join, fail: reject });
      if (!this.#busy) void this.#serve();
    });
  }

  async #undoMember(handle: OpenTransaction): Promise<void> {
    await this.#transactions.command("ROLLBACK TO member", handle);
    await this.#transactions.command("RELEASE member", handle);
  }

  async #serve(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      await this.#gather();
      const group = this.#waiting.splice(0, mostTogether);
      const answered = this.#answer(group, await this.#commit(group));
      // The next group is made while the disk writes this one, and what comes then goes into the one after.
      await this.#before;
      this.#before = answered;
      if (!lossOf(this.#file)) await this.#checkpoints.between(() => this.#logLength());
    }
    this.#busy = false;
  }

  /** What has arrived meanwhile gets as far as to wait here as well, and while more comes with each turn, that too. */
  async #gather(): Promise<void> {
    for (let turn = 0; turn < mostTurns; turn += 1) {
      const before = this.#waiting.length;
      await nextTurn();
      if (this.#waiting.length === before || this.#waiting.length >= mostTogether) return;
    }
  }

  /** @returns what to say to the members when it is certain */
  async #commit(group: readonly Member[]): Promise<readonly (() => void)[]> {
    const answers: (() => void)[] = [];
    try {
      const loss = lossOf(this.#file);
      if (loss) throw loss;
      await this.#transactions.run(async (handle) => {
        for (const member of group) answers.push(await member.join(handle, group.length === 1));
      });
      return answers;
    } catch (error) {
      return group.map((member) => () => member.fail(error));
    }
  }

  /** Failures wait as well: they may come from what was read. */
  async #answer(group: readonly Member[], answers: readonly (() => void)[]): Promise<void> {
    try {
      await onDisk(this.#file);
    } catch (loss) {
      for (const member of group) member.fail(loss);
      return;
    }
    for (const answer of answers) answer();
  }

  async #logLength(): Promise<number> {
    const [row] = (await onSqlite(this.#sequelize, undefined, (connection) =>
      connection.rows("PRAGMA wal_checkpoint(NOOP)", []),
    )) as { log: number }[];
    return row?.log ?? 0;
  }
}
