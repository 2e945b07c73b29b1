import { fstatSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { DataTypes } from "sequelize";
import { findDamage } from "../../../mixins/database/sqlite/acknowledged.ts";
import { Database } from "../../../mixins/database/database.ts";
import { closeIdleConnections } from "../../../mixins/database/sqlite/connection.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";
import { disk } from "../../../mixins/database/sqlite/wal-sync.ts";
import { consumersOf, consume } from "../../../mixins/events/consumer.ts";
import { createInboxTable } from "../../../mixins/events/inbox-table.ts";
import { createOutboxTable } from "../../../mixins/events/outbox-table.ts";
import { OutboxRelay } from "../../../mixins/events/outbox-relay.ts";

const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
const settings = { attempts: 16, backoffMs: [1] };
const logouts = 120;

/** State on disk after a power loss at one moment, and the acknowledgements sent until then. */
interface Moment {
  readonly files: ReadonlyMap<string, { readonly data: Buffer; readonly log: Buffer }>;
  readonly answered: readonly string[];
  /** Marks beside the files, which the disk may or may not have written. */
  readonly marks: readonly Buffer[];
}

let directory: string;
let opened: { file: string; database: Database }[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "shop-power-"));
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const { file, database } of opened) {
    await database.sequelize.close();
    closeIdleConnections(file);
  }
  opened = [];
  await rm(directory, { recursive: true });
});

function open(name: string): Database {
  const file = join(directory, name);
  const database = new Database(openSqlite(file));
  opened.push({ file, database });
  return database;
}

/** Keeps each file's contents as of the start of the latest finished sync, the only guarantee of a disk. */
function slowDisk(files: readonly string[]) {
  const lasting = new Map<string, { data: Buffer; log: Buffer }>();
  let syncs = 0;
  const note = (file: string) => ({ data: readFileSync(file), log: readFileSync(`${file}-wal`) });
  for (const file of files) lasting.set(file, note(file));
  jest.spyOn(disk, "sync").mockImplementation(async (descriptor) => {
    const { ino } = fstatSync(descriptor);
    const file = files.find((one) => statSync(`${one}-wal`).ino === ino) ?? "";
    const there = note(file);
    syncs += 1;
    // Sometimes faster than the CPU, sometimes slower.
    for (let turn = 0; turn < (syncs * 7) % 23; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
    lasting.set(file, there);
  });
  return lasting;
}

const isAnother = ({ files, answered }: Moment, index: number, all: readonly Moment[]) =>
  answered.length !== all[index - 1]?.answered.length ||
  [...files].some(([file, found]) => all[index - 1]?.files.get(file) !== found);

const column = async (database: Database, sql: string) =>
  (await database.select<{ v: string }>(sql)).map(({ v }) => v);

test("after a power loss at any time, acknowledged changes persist, without effects of lost ones", async () => {
  const [sender, receiver] = [open("sender.sqlite"), open("receiver.sqlite")];
  const [from, to] = [sender.sequelize.getQueryInterface(), receiver.sequelize.getQueryInterface()];
  await createOutboxTable(from);
  await from.createTable("logouts", { session: { type: DataTypes.TEXT, primaryKey: true } });
  await createInboxTable(to);
  await to.createTable("effects", { session: { type: DataTypes.TEXT, primaryKey: true } });
  await to.createTable("sightings", { session: DataTypes.TEXT });
  await Promise.all([sender, receiver].map((database) => database.select("SELECT 1")));
  const lasting = slowDisk(opened.map(({ file }) => file));

  const on = consumersOf<Database>();
  const noteLogout = on("users.logged-out", async (event, tx, database) => {
    await database.execute("INSERT INTO effects (session) VALUES (?)", [event.payload.sessionId], tx);
  });
  const send = async (events: Parameters<typeof consume>[3]) =>
    consume(receiver, [noteLogout], receiver, events);
  const relay = new OutboxRelay(sender, { send }, settings, { warn: () => undefined });
  sender.onPublished(() => relay.wake());
  relay.start();

  const answered: string[] = [];
  const moments: Moment[] = [];
  const logOut = async (session: string) => {
    await sender.transaction(origin, async (tx) => {
      await sender.execute("INSERT INTO logouts (session) VALUES (?)", [session], tx);
      tx.publish("users.logged-out", { userId: "u1", sessionId: session });
    });
    answered.push(session);
  };
  /** Another service that acts on the sender's data. */
  const look = async () => {
    const [seen] = await column(sender, "SELECT session AS v FROM logouts ORDER BY rowid DESC LIMIT 1");
    if (seen)
      await receiver.transaction(origin, (tx) =>
        receiver.execute("INSERT INTO sightings (session) VALUES (?)", [seen], tx),
      );
  };

  const work: Promise<void>[] = [];
  for (let n = 0; n < logouts; n += 1) {
    work.push(logOut(`s${n}`));
    if (n % 3 === 0) work.push(look());
    for (let turn = 0; turn < (n * 5) % 11; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (n % 4 === 3)
        moments.push({
          files: new Map(lasting),
          answered: [...answered],
          marks: opened.map(({ file }) => readFileSync(`${file}-acknowledged`)),
        });
    }
  }
  await Promise.all(work);
  await relay.stop();

  let seenBetween = 0;
  for (const [index, { files, answered: told, marks }] of moments.filter(isAnother).entries()) {
    const found = [...files].map(([file, content]) => ({ file: `${file}.${index}`, content }));
    for (const [number, { file, content }] of found.entries()) {
      await writeFile(file, content.data);
      await writeFile(`${file}-wal`, content.log);
      await writeFile(`${file}-acknowledged`, marks[number] ?? "");
      // No acknowledged commit is missing, so the shop starts.
      expect(findDamage(file)).toBeUndefined();
    }
    const [sent, received] = [`sender.sqlite.${index}`, `receiver.sqlite.${index}`].map(open) as [
      Database,
      Database,
    ];
    const there = new Set(await column(sent, "SELECT session AS v FROM logouts"));
    const waiting = (await column(sent, "SELECT envelope AS v FROM outbox")).map(
      (text) => JSON.parse(text).payload.sessionId as string,
    );
    const effects = await column(received, "SELECT session AS v FROM effects");
    const sightings = await column(received, "SELECT session AS v FROM sightings");
    const later = (sessions: readonly string[]) => sessions.filter((session) => !there.has(session));
    expect({ index, lost: later(told), untrue: [...later(effects), ...later(sightings)] }).toEqual({
      index,
      lost: [],
      untrue: [],
    });
    // An event that was published is on its way or has arrived.
    const known = new Set([...waiting, ...effects]);
    expect([...there].filter((session) => !known.has(session))).toEqual([]);
    if (there.size > 0 && there.size < logouts) seenBetween += 1;
  }
  expect(seenBetween).toBeGreaterThan(10);
}, 240_000);
