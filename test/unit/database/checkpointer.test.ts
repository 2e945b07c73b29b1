import { mkdtemp, readdir, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Checkpointer } from "../../../mixins/database/sqlite/checkpointer.ts";
import { eventLoopTicks } from "../../support/pausable-disk.ts";

const long = () => Promise.resolve(1_000_000);
const short = () => Promise.resolve(10);

describe("checkpoints by a thread", () => {
  let directory: string;
  let file: string;
  let db: DatabaseSync;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "shop-checkpoints-"));
    file = join(directory, "test.sqlite");
    db = new DatabaseSync(file);
    db.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE notes (text TEXT)");
  });
  afterEach(async () => {
    if (db.isOpen) db.close();
    await rm(directory, { recursive: true });
  });

  const write = () => db.exec("INSERT INTO notes VALUES ('a note')");
  const log = () => db.prepare("PRAGMA wal_checkpoint(NOOP)").get() as { log: number; checkpointed: number };

  test("move a long log into the file while others write, and the rest between two groups, so that it begins anew", async () => {
    const checkpoints = new Checkpointer(file);
    let written = 200;
    for (let group = 0; group < written; group += 1) write();
    const longest = log().log;
    expect(log().checkpointed).toBe(0);
    // As the groups do it: each writes, and the next one waits for this.
    while (log().log >= longest) {
      write();
      written += 1;
      await checkpoints.afterGroup(long);
      await eventLoopTicks();
    }
    expect(db.prepare("SELECT COUNT(*) AS n FROM notes").get()).toEqual({ n: written });
    expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  });

  test("leave a short log alone", async () => {
    const checkpoints = new Checkpointer(file);
    for (let group = 0; group < 100; group += 1) {
      write();
      await checkpoints.afterGroup(short);
    }
    await eventLoopTicks();
    expect(log().checkpointed).toBe(0);
  });

  test("do not recreate a removed file, and delay no commit", async () => {
    db.close();
    await rm(file);
    const checkpoints = new Checkpointer(file);
    for (let group = 0; group < 100; group += 1) {
      await checkpoints.afterGroup(long);
      await eventLoopTicks();
    }
    expect(await readdir(directory)).toEqual([]);
  });
});
