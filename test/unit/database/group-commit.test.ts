import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Sequelize } from "sequelize";
import type { Tx } from "../../../mixins/database/database.ts";
import { Database } from "../../../mixins/database/database.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";
import { SqliteTransactions } from "../../../mixins/database/sqlite/transaction.ts";

const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;

describe("transactions that wait for the same SQLite file", () => {
  let directory: string;
  let sequelize: Sequelize;
  let database: Database;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "shop-group-"));
    sequelize = openSqlite(join(directory, "test.sqlite"));
    await sequelize.query("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    database = new Database(sequelize);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await sequelize.close();
    await rm(directory, { recursive: true });
  });

  const inTransaction = <T>(work: (tx: Tx) => Promise<T>) => database.transaction(origin, work);
  const write = async (id: number, tx: Tx, text = `note ${id}`) =>
    database.execute("INSERT INTO notes (id, text) VALUES (?, ?)", [id, text], tx);
  const ids = async () =>
    (await database.select<{ id: number }>("SELECT id FROM notes ORDER BY id")).map(({ id }) => id);
  const count = async (tx: Tx) =>
    (await database.select<{ n: number }>("SELECT COUNT(*) AS n FROM notes", [], tx))[0]?.n;

  test("are committed together and in order, each seeing earlier ones' changes", async () => {
    const commits = jest.spyOn(SqliteTransactions.prototype, "run");
    const seen = await Promise.all(
      Array.from({ length: 50 }, (_, id) =>
        inTransaction(async (tx) => {
          await write(id, tx);
          return count(tx);
        }),
      ),
    );
    expect(seen).toEqual(Array.from({ length: 50 }, (_, id) => id + 1));
    expect(commits.mock.calls.length).toBeLessThanOrEqual(2);
    expect(await ids()).toHaveLength(50);
  });

  test("that come a few at a time, one turn after the other, are committed together as well", async () => {
    const commits = jest.spyOn(SqliteTransactions.prototype, "run");
    const written: Promise<void>[] = [];
    for (let id = 0; id < 12; id += 1) {
      written.push(inTransaction((tx) => write(id, tx).then(() => undefined)));
      if (id % 4 === 3) await nextTurn();
    }
    await Promise.all(written);
    expect(commits).toHaveBeenCalledTimes(1);
    expect(await ids()).toHaveLength(12);
  });

  test("fail alone: the others' changes are there and the failed one's are not", async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, id) =>
        inTransaction(async (tx) => {
          await write(id, tx);
          if (id % 3 === 0) throw new Error(`no ${id}`);
          if (id % 3 === 1) await write(id, tx).catch(() => undefined);
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status === "rejected")).toEqual(
      outcomes.map((_, id) => id % 3 === 0),
    );
    expect(await ids()).toEqual(outcomes.flatMap((_, id) => (id % 3 === 0 ? [] : [id])));
  });

  test("fail together when the file is full, and acknowledged changes persist", async () => {
    // Of the connection on which transactions run.
    await inTransaction((tx) => database.execute("PRAGMA max_page_count = 20", [], tx));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, id) =>
        inTransaction((tx) => write(id, tx, "x".repeat(id === 20 ? 500_000 : 10))),
      ),
    );
    const worked = outcomes.flatMap(({ status }, id) => (status === "fulfilled" ? [id] : []));
    expect(worked).not.toContain(20);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(new Set(reasons.map(({ type }: { type?: string }) => type))).toEqual(new Set(["unavailable"]));
    expect(await ids()).toEqual(worked);
    await inTransaction((tx) => write(100, tx));
    expect(await ids()).toContain(100);
  });

  test("take a new turn when they are asked for while a group commits", async () => {
    const inner = await inTransaction(async (tx) => {
      await write(1, tx);
      return { later: inTransaction((next) => write(2, next)) };
    });
    await inner.later;
    expect(await ids()).toEqual([1, 2]);
  });
});
