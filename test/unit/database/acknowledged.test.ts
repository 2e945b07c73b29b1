import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { copyFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { findDamage, assertIntact } from "../../../mixins/database/sqlite/acknowledged.ts";
import { Database } from "../../../mixins/database/database.ts";
import { closeIdleConnections } from "../../../mixins/database/sqlite/connection.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";
import { retractMark } from "../../../mixins/database/sqlite/wal-sync.ts";

const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
const pageOfLog = 4096 + 24;

describe("a SQLite file whose process was killed", () => {
  let directory: string;
  let file: string;
  let database: Database;
  let notes = 0;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "shop-acknowledged-"));
    file = join(directory, "notes.sqlite");
    database = new Database(openSqlite(file));
    await database.sequelize.query("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT)");
    await write(20);
    await reopen();
    await write(20);
  });
  afterEach(async () => {
    await close();
    await rm(directory, { recursive: true });
  });

  /** Writes this many acknowledged notes. */
  async function write(count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      notes += 1;
      const row = { id: notes, text: "x".repeat(500) };
      await database.transaction(origin, (tx) => database.insertIfAbsent("notes", row, tx));
    }
  }
  async function close(): Promise<void> {
    await database.sequelize.close();
    closeIdleConnections(file);
  }
  async function reopen(): Promise<void> {
    await close();
    database = new Database(openSqlite(file));
    await database.select("SELECT 1");
  }

  /**
   * Simulates a killed process.
   *
   * @returns its database file
   */
  async function killed(name = "killed.sqlite"): Promise<string> {
    const copy = join(directory, name);
    for (const part of ["", "-wal", "-acknowledged"]) await copyFile(file + part, copy + part);
    return copy;
  }
  const flip = (path: string, at: number, bytes = 64) => {
    const content = readFileSync(path);
    for (let n = at; n < at + bytes; n += 1) content[n] = (content[n] ?? 0) ^ 0xff;
    writeFileSync(path, content);
  };

  test("is whole, and asking changes nothing", async () => {
    const copy = await killed();
    const before = [readFileSync(copy), readFileSync(`${copy}-wal`), readFileSync(`${copy}-acknowledged`)];
    expect(findDamage(copy)).toBeUndefined();
    expect([readFileSync(copy), readFileSync(`${copy}-wal`), readFileSync(`${copy}-acknowledged`)]).toEqual(
      before,
    );
    expect(findDamage(join(directory, "new.sqlite"))).toBeUndefined();
  });

  test("is intact without unacknowledged commits, whether their frames are torn or missing", async () => {
    const copy = await killed();
    const log = readFileSync(`${copy}-wal`);
    await write(5);
    for (const more of [0, pageOfLog / 2, 3 * pageOfLog - 7]) {
      writeFileSync(`${copy}-wal`, readFileSync(`${file}-wal`).subarray(0, log.length + more));
      expect(findDamage(copy)).toBeUndefined();
    }
  });

  test.each<[string, (copy: string) => unknown, RegExp]>([
    [
      "was cut in the middle",
      async (copy) => truncateSync(`${copy}-wal`, (await stat(`${copy}-wal`)).size >> 1),
      /^killed\.sqlite-wal is truncated or corrupt: \d+ of \d+ acknowledged pages are intact$/,
    ],
    [
      "lacks its last commit",
      async (copy) => truncateSync(`${copy}-wal`, (await stat(`${copy}-wal`)).size - 1),
      /-wal is truncated or corrupt/,
    ],
    ["is empty", (copy) => truncateSync(`${copy}-wal`, 0), /-wal, with \d+ acknowledged pages, is missing$/],
    [
      "has other bytes in the middle",
      async (copy) => flip(`${copy}-wal`, (await stat(`${copy}-wal`)).size >> 1),
      /-wal is truncated or corrupt/,
    ],
    ["has other bytes in its header", (copy) => flip(`${copy}-wal`, 8, 4), /-wal is truncated or corrupt/],
    ["has other bytes in its salt", (copy) => flip(`${copy}-wal`, 16, 8), /-wal is truncated or corrupt/],
    ["is gone", (copy) => rmSync(`${copy}-wal`), /-wal, with \d+ acknowledged pages, is missing$/],
  ])("is refused when its log %s", async (_name, damage, told) => {
    const copy = await killed();
    await damage(copy);
    expect(findDamage(copy)).toEqual({ message: expect.stringMatching(told), isRecoverable: true });
    // Repeatable: every attempt fails alike.
    expect(findDamage(copy)).toEqual({ message: expect.stringMatching(told), isRecoverable: true });
  });

  test("is refused with an earlier log of its own", async () => {
    const earlier = await killed("earlier.sqlite");
    await write(3);
    const copy = await killed();
    renameSync(`${earlier}-wal`, `${copy}-wal`);
    expect(findDamage(copy)?.message).toMatch(/acknowledged pages are intact$/);
  });

  test("is refused when it is an older one, with the log or without, also after an end in good order", async () => {
    const old = await killed("old.sqlite");
    await reopen();
    await reopen();
    await write(3);
    const copy = await killed();
    await copyFile(old, copy);
    const refused = {
      message: expect.stringMatching(/^killed\.sqlite is an older copy: generation \d+, expected \d+$/),
      isRecoverable: true,
    };
    expect(findDamage(copy)).toEqual(refused);
    await copyFile(`${old}-wal`, `${copy}-wal`);
    expect(findDamage(copy)).toEqual(refused);

    await close();
    await copyFile(`${file}-acknowledged`, `${copy}-acknowledged`);
    rmSync(`${copy}-wal`);
    expect(findDamage(copy)).toEqual(refused);
    await copyFile(file, copy);
    expect(findDamage(copy)).toBeUndefined();
  });

  test("is refused when it is gone, or its pages are spoilt", async () => {
    await reopen();
    const copy = await killed();
    flip(copy, 4096 * 2);
    expect(findDamage(copy)).toEqual({
      message: expect.stringMatching(/^killed\.sqlite is damaged: /),
      isRecoverable: true,
    });
    flip(copy, 0, 16);
    expect(findDamage(copy)).toEqual({
      message: "killed.sqlite is damaged: file is not a database",
      isRecoverable: false,
    });
    rmSync(copy);
    expect(findDamage(copy)).toEqual({ message: "killed.sqlite is missing", isRecoverable: true });
  });

  test("is whole when its log was moved into the file and begun anew, whatever was overwritten of the one before", async () => {
    await retractMark(file);
    await database.sequelize.query("PRAGMA wal_checkpoint(PASSIVE)");
    expect(findDamage(await killed("moved.sqlite"))).toBeUndefined();
    await write(1);
    const copy = await killed();
    expect(findDamage(copy)).toBeUndefined();
    truncateSync(`${copy}-wal`, 40);
    expect(findDamage(copy)?.message).toMatch(/ 0 of \d+ acknowledged pages are intact$/);
  });

  test("is taken as it is when nothing is known of it", async () => {
    const copy = await killed();
    for (const mark of ["", "\0".repeat(128)]) {
      writeFileSync(`${copy}-acknowledged`, mark);
      truncateSync(`${copy}-wal`, 0);
      expect(findDamage(copy)).toBeUndefined();
    }
  });

  test("is opened when the loss is accepted, and logs it", async () => {
    const copy = await killed();
    truncateSync(`${copy}-wal`, pageOfLog * 4);
    const told: string[] = [];
    expect(() => assertIntact(copy, false, (line) => told.push(line))).toThrow(
      /acknowledged pages are intact: restore DATA_DIR from a backup, or start once with ACCEPT_DATA_LOSS=true/,
    );
    expect(told).toEqual([]);
    assertIntact(copy, true, (line) => told.push(line));
    expect(told).toEqual([expect.stringContaining("continuing without the lost data (ACCEPT_DATA_LOSS)")]);
    const other = new Database(openSqlite(copy));
    expect((await other.select("SELECT id FROM notes")).length).toBeGreaterThan(20);
    await other.sequelize.close();
    closeIdleConnections(copy);
    expect(findDamage(copy)).toBeUndefined();
  });
});
