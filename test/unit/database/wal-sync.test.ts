import { copyFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Sequelize } from "sequelize";
import type { Tx } from "../../../mixins/database/database.ts";
import { Database } from "../../../mixins/database/database.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";
import { closeIdleConnections } from "../../../mixins/database/sqlite/connection.ts";
import { disk, onSyncFailure } from "../../../mixins/database/sqlite/wal-sync.ts";
import { createOutboxTable } from "../../../mixins/events/outbox-table.ts";
import { OutboxRelay } from "../../../mixins/events/outbox-relay.ts";
import type { PausableDisk } from "../../support/pausable-disk.ts";
import { pausableDisk, outcomeOf, eventLoopTicks } from "../../support/pausable-disk.ts";

const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
const unavailable = { error: expect.objectContaining({ type: "unavailable" }) };

describe("a commit to a SQLite file", () => {
  let directory: string;
  let file: string;
  let sequelize: Sequelize;
  let database: Database;
  let held: PausableDisk;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "shop-log-"));
    file = join(directory, "test.sqlite");
    sequelize = openSqlite(file);
    await sequelize.query("CREATE TABLE notes (id INTEGER PRIMARY KEY)");
    await createOutboxTable(sequelize.getQueryInterface());
    database = new Database(sequelize);
    await ids();
    held = pausableDisk();
  });

  afterEach(async () => {
    held.release();
    await sequelize.close();
    closeIdleConnections(file);
    jest.restoreAllMocks();
    await rm(directory, { recursive: true });
  });

  const write = (id: number, publish = false) =>
    database.transaction(origin, async (tx) => {
      await database.execute("INSERT INTO notes (id) VALUES (?)", [id], tx);
      if (publish) tx.publish("users.logged-out", { userId: "u1", sessionId: `s${id}` });
      return id;
    });
  const idsIn = (tx?: Tx) => database.select<{ id: number }>("SELECT id FROM notes ORDER BY id", [], tx);
  const ids = async () => (await idsIn()).map(({ id }) => id);
  const eio = () => Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" });

  test("is answered when a sync has ended that began after it", async () => {
    held.hold();
    const first = outcomeOf(write(1));
    await eventLoopTicks();
    // The first sync has started already and may miss this one.
    const second = outcomeOf(write(2));
    await eventLoopTicks();
    expect([first(), second()]).toEqual([undefined, undefined]);
    await held.endPending();
    expect([first(), second()]).toEqual([{ value: 1 }, undefined]);
    await held.endPending();
    expect(second()).toEqual({ value: 2 });
    expect(held.begun).toBe(2);
  });

  test("that changed nothing waits for no disk, and one that failed neither", async () => {
    await write(1);
    const before = held.begun;
    await database.transaction(origin, (tx) => idsIn(tx));
    await database.transaction(origin, (tx) => database.execute("DELETE FROM notes WHERE id = 7", [], tx));
    await expect(
      database.transaction(origin, (tx) => database.insertIfAbsent("notes", { id: 1 }, tx)),
    ).resolves.toBe(false);
    await expect(
      database.transaction(origin, async (tx) => {
        await database.execute("INSERT INTO notes (id) VALUES (2)", [], tx);
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect(held.begun).toBe(before);
    await write(2);
    expect(held.begun).toBe(before + 1);
  });

  test("lets the next ones be made meanwhile, which see it and share a sync", async () => {
    held.hold();
    const first = write(1);
    await eventLoopTicks();
    const seen = Promise.all(
      [2, 3, 4].map((id) =>
        database.transaction(origin, async (tx) => {
          await database.execute("INSERT INTO notes (id) VALUES (?)", [id], tx);
          return (await idsIn(tx)).length;
        }),
      ),
    );
    await eventLoopTicks();
    held.release();
    expect(await seen).toEqual([2, 3, 4]);
    expect(await first).toBe(1);
    expect(held.begun).toBe(2);
  });

  test("is invisible to readers until durable, and so are transactions based on it", async () => {
    held.hold();
    const first = write(1);
    await eventLoopTicks();
    const [reader, refused] = [ids(), write(1)];
    const outcomes = [outcomeOf(reader), outcomeOf(refused)];
    await eventLoopTicks();
    expect(outcomes.map((outcome) => outcome())).toEqual([undefined, undefined]);
    held.release();
    expect(await first).toBe(1);
    expect(await reader).toEqual([1]);
    await expect(refused).rejects.toThrow("Validation error");
  });

  test("has no events delivered until durable, whatever wakes the relay", async () => {
    const sent: string[] = [];
    const send = (events: readonly { id: string }[]) => {
      sent.push(...events.map(({ id }) => id));
      return Promise.resolve(events.map(() => undefined));
    };
    const relay = new OutboxRelay(
      database,
      { send },
      { attempts: 3, backoffMs: [1] },
      { warn: () => undefined },
    );
    const published = jest.fn(() => relay.wake());
    database.onPublished(published);
    held.hold();
    const answer = write(1, true);
    await eventLoopTicks();
    relay.start();
    await eventLoopTicks();
    expect(published).not.toHaveBeenCalled();
    expect(sent).toEqual([]);
    held.release();
    expect(await answer).toBe(1);
    await relay.stop();
    expect(published).toHaveBeenCalledTimes(1);
    expect(sent).toHaveLength(1);
  });

  test("that fails to sync is not acknowledged, and neither are later ones", async () => {
    const [told, published] = [jest.fn(), jest.fn()];
    onSyncFailure(file, told);
    database.onPublished(published);
    held.hold();
    const first = outcomeOf(write(1, true));
    await eventLoopTicks();
    const [second, reader] = [outcomeOf(write(2)), outcomeOf(ids())];
    await eventLoopTicks();
    await held.endPending(eio());
    held.release();
    for (const outcome of [first(), second(), reader()]) expect(outcome).toEqual(unavailable);

    const work = jest.fn(() => Promise.resolve());
    const later = [outcomeOf(database.transaction(origin, work)), outcomeOf(ids())];
    await eventLoopTicks();
    for (const outcome of later) expect(outcome()).toEqual(unavailable);
    expect(work).not.toHaveBeenCalled();
    expect(published).not.toHaveBeenCalled();
    expect(held.begun).toBe(1);
    expect(told).toHaveBeenCalledTimes(1);
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ message: expect.stringContaining("EIO") }));
  });

  test("is waited for by who closes the file", async () => {
    held.hold();
    const answer = write(1);
    await eventLoopTicks();
    const closing = sequelize.close();
    const closed = outcomeOf(closing);
    await eventLoopTicks();
    expect(closed()).toBeUndefined();
    held.release();
    await closing;
    expect(await answer).toBe(1);
  });

  test("to a log that SQLite made anew brings the new log to the disk, and its name", async () => {
    const names = jest.spyOn(disk, "syncDirectory");
    await write(1);
    await write(2);
    expect(names).toHaveBeenCalledTimes(0);
    await sequelize.close();
    closeIdleConnections(file);
    await expect(stat(`${file}-wal`)).rejects.toThrow("ENOENT");

    sequelize = openSqlite(file);
    database = new Database(sequelize);
    const before = held.begun;
    await write(3);
    await write(4);
    expect(held.begun).toBe(before + 2);
    expect(names.mock.calls).toEqual([[directory]]);
    expect(await ids()).toEqual([1, 2, 3, 4]);
  });

  test("of a process that was killed is moved into the file before others are put upon it", async () => {
    await write(1);
    const copy = join(directory, "copy.sqlite");
    await copyFile(file, copy);
    await copyFile(`${file}-wal`, `${copy}-wal`);
    expect((await stat(`${copy}-wal`)).size).toBeGreaterThan(0);
    const other = openSqlite(copy);
    expect(await new Database(other).select("SELECT id FROM notes")).toEqual([{ id: 1 }]);
    expect((await stat(`${copy}-wal`)).size).toBe(0);
    await other.close();
    closeIdleConnections(copy);
  });
});
