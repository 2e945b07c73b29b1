import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { readFile } from "node:fs/promises";
import type { Service } from "moleculer";
import { readEnv } from "../../config/env.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { DurableEvents } from "../../mixins/events/durable-events.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { purgeInbox } from "../../mixins/events/purge-inbox.ts";
import { insertIntoOutbox } from "../../mixins/events/insert-into-outbox.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { clusterSettings } from "../support/cluster-shape.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const day = 24 * 3_600_000;
const rememberedDays = 30;
const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ env: { INBOX_RETENTION_DAYS: `${rememberedDays}`, DEMO_DATA: "false" } });
}, 240_000);
afterAll(() => shop?.stop());

const service = (name: string) => shop.broker.getLocalService(name) as Service & ServiceWithDatabase;

async function tablesOf({ database }: ServiceWithDatabase): Promise<string[]> {
  const sql =
    database.engine === "sqlite"
      ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
      : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()";
  return (await database.select<{ name: string }>(sql)).map(({ name }) => name);
}

test("the guide says of every table what it grows with and what removes its rows, and names settings that there are", async () => {
  const guide = await readFile(new URL("../../docs/guides/growth.md", import.meta.url), "utf8");
  const rows = [...guide.matchAll(/^\| ([\w-]+) \| `(\w+)` \| (.+) \| (.+) \|$/gm)];
  const told = rows.map(([, name, table]) => `${name}.${table}`);

  const services = shop.broker.services
    .filter((running) => "database" in running)
    .map((running) => running.name);
  const there = await Promise.all(
    services.map(async (name) => (await tablesOf(service(name))).map((table) => `${name}.${table}`)),
  );
  expect(told.toSorted()).toEqual(there.flat().toSorted());

  const settings = rows.flatMap(([row]) => [...row.matchAll(/`([A-Z_]+)`/g)].map(([, key]) => key));
  expect(settings).not.toHaveLength(0);
  expect(Object.keys(readEnv({}))).toEqual(expect.arrayContaining(settings));
});

let event: EventEnvelope<"orders.placed">;
beforeEach(() => {
  event = {
    id: newId(),
    name: "orders.placed",
    occurredAt: Date.now(),
    actor: { kind: "system", id: "test" },
    requestId: "test",
    payload: {
      orderId: newId(),
      number: "K7Q2-9XMD",
      customerId: newId(),
      cartId: newId(),
      lines: [],
      total: { amount: 1, currency: "GBP" },
    },
  };
});

const cart = () => service("cart") as Service & ServiceWithDatabase & { durableEvents: DurableEvents };
const takeIn = async (...events: EventEnvelope[]) => cart().durableEvents.subscription.consume(events);

async function receivedDaysAgo(days: number, { id }: EventEnvelope): Promise<void> {
  const { database } = cart();
  const sql = "UPDATE inbox SET received_at = ? WHERE event_id = ?";
  expect(
    await database.transaction(origin, (tx) => database.execute(sql, [Date.now() - days * day, id], tx)),
  ).toBe(1);
}

const forget = async () => runJob(shop, "cart", purgeInbox(cart()));
const isRemembered = async ({ id }: EventEnvelope) =>
  (await cart().database.select("SELECT event_id FROM inbox WHERE event_id = ?", [id])).length > 0;

test("inbox entries are kept for the configured retention plus a day, then removed", async () => {
  expect(await takeIn(event)).toEqual([undefined]);
  await receivedDaysAgo(rememberedDays, event);
  await forget();
  expect(await isRemembered(event)).toBe(true);
  await receivedDaysAgo(rememberedDays + 2, event);
  await forget();
  expect(await isRemembered(event)).toBe(false);
});

test("an event older than the inbox's retention is rejected with the reason, unless its id is known: then it is skipped", async () => {
  const old = { ...event, occurredAt: Date.now() - (rememberedDays + 1) * day };
  expect(await takeIn(old)).toEqual([expect.objectContaining({ name: "ExpiredEventError" })]);
  expect(await isRemembered(old)).toBe(false);

  expect(await takeIn(event)).toEqual([undefined]);
  expect(await takeIn({ ...event, occurredAt: old.occurredAt })).toEqual([undefined]);
});

test("more is forgotten than one batch holds", async () => {
  const { database } = cart();
  const ids = Array.from({ length: 1200 }, () => newId());
  const marks = ids.map(() => "(?, ?)").join(", ");
  const longAgo = Date.now() - 100 * day;
  const values = ids.flatMap((id, index) => [id, longAgo + index]);
  await database.transaction(origin, (tx) =>
    database.execute(`INSERT INTO inbox (event_id, received_at) VALUES ${marks}`, values, tx),
  );
  await forget();
  expect(await database.select("SELECT event_id FROM inbox WHERE received_at < ?", [longAgo + 2000])).toEqual(
    [],
  );
});

/** Inserts an event as if the orders service had published it; `dead`: as a dead letter. */
async function putIntoOutbox(published: EventEnvelope, { dead = false } = {}): Promise<void> {
  const { database } = service("orders");
  await database.transaction(origin, async (tx) => {
    await insertIntoOutbox(database, [published], tx);
    if (dead) await database.execute("UPDATE outbox SET status = 'dead' WHERE id = ?", [published.id], tx);
  });
  database.notifyPublished();
}

test("an event that comes out of an old backup is set aside at once, for a person to look at", async () => {
  const old = { ...event, occurredAt: Date.now() - (rememberedDays + 1) * day };
  await putIntoOutbox(old);
  await shop.settled();
  const { items } = await shop.call("operations.dead-letters.list", {});
  const about = items.filter(({ eventId }) => eventId === old.id);
  expect(about.length).toBeGreaterThan(0);
  for (const letter of about)
    expect(letter).toMatchObject({ attempts: 1, error: expect.stringContaining("INBOX_RETENTION_DAYS") });
});

const embedded = Object.keys(clusterSettings()).length === 0 ? test : test.skip;

embedded(
  "an event that one service failed to consume stays in the other inboxes while it is in the outbox",
  async () => {
    expect(await takeIn(event)).toEqual([undefined]);
    await receivedDaysAgo(rememberedDays + 100, event);
    await putIntoOutbox(event, { dead: true });
    await forget();
    expect(await isRemembered(event)).toBe(true);
  },
);
