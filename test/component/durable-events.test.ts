import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Sequelize } from "sequelize";
import { DataTypes } from "sequelize";
import type { Tx } from "../../mixins/database/database.ts";
import { Database } from "../../mixins/database/database.ts";
import { openSqlite } from "../../mixins/database/sqlite/open.ts";
import type { Consumer } from "../../mixins/events/consumer.ts";
import { consumersOf, consume } from "../../mixins/events/consumer.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { createInboxTable } from "../../mixins/events/inbox-table.ts";
import { createOutboxTable } from "../../mixins/events/outbox-table.ts";
import { LostRouteError } from "../../mixins/events/lost-route-error.ts";
import { OutboxRelay } from "../../mixins/events/outbox-relay.ts";
import type { OutboxPublisher } from "../../mixins/events/transport-interface.ts";
import { newId } from "../../mixins/contract/ids.ts";

const origin = { actor: { kind: "user", id: "u1" }, requestId: "r1" } as const;
const silent = { warn: () => undefined };
const maxAttempts = 16;
const settings = { attempts: maxAttempts, backoffMs: [200, 1000] };
const on = consumersOf<Database>();

/** Records the session of each consumed logout. */
const noteLogout = on("users.logged-out", async (event, tx, database) => {
  await database.execute("INSERT INTO effects (session) VALUES (?)", [event.payload.sessionId], tx);
});

describe("durable events", () => {
  let connections: Sequelize[] = [];
  let publisher: Database;
  let subscriber: Database;

  beforeEach(async () => {
    connections = [openSqlite(":memory:"), openSqlite(":memory:")];
    const [first, second] = connections as [Sequelize, Sequelize];
    await createOutboxTable(first.getQueryInterface());
    await createInboxTable(second.getQueryInterface());
    await second.getQueryInterface().createTable("effects", { session: DataTypes.TEXT });
    publisher = new Database(first);
    subscriber = new Database(second);
  });
  afterEach(() => Promise.all(connections.map((connection) => connection.close())));

  const publish = async (sessionId: string, more?: (tx: Tx) => Promise<void>) =>
    publisher.transaction(origin, async (tx) => {
      tx.publish("users.logged-out", { userId: "u1", sessionId });
      await more?.(tx);
    });
  const effects = async () =>
    (await subscriber.select<{ session: string }>("SELECT session FROM effects ORDER BY session")).map(
      (row) => row.session,
    );
  const outbox = async () =>
    publisher.select<{ status: string; attempts: number }>("SELECT status, attempts FROM outbox");

  /** Delivers pending events once, through a transport with faults. */
  const deliver = async (
    consumers: readonly Consumer<Database>[],
    misbehave: (send: OutboxPublisher["send"]) => OutboxPublisher["send"] = (send) => send,
  ) => {
    const send = misbehave(async (events) => consume(subscriber, consumers, subscriber, events));
    const relay = new OutboxRelay(publisher, { send }, settings, silent);
    relay.start();
    await relay.stop();
  };
  const makeDue = async () =>
    publisher.transaction(origin, async (tx) => publisher.execute("UPDATE outbox SET due_at = 0", [], tx));

  test("an event takes effect and is forgotten by its sender", async () => {
    await publish("s1");
    await deliver([noteLogout]);
    expect(await effects()).toEqual(["s1"]);
    expect(await outbox()).toEqual([]);
  });

  test("an event whose transaction fails is never delivered", async () => {
    const failing = publish("s1", () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    await deliver([noteLogout]);
    expect(await effects()).toEqual([]);
  });

  test("an event that is delivered five times takes effect once", async () => {
    await publish("s1");
    await deliver([noteLogout], (send) => async (events) => {
      for (let n = 0; n < 4; n += 1) await send(events);
      return send(events);
    });
    expect(await effects()).toEqual(["s1"]);
  });

  test("an event that arrived, but whose sender died before it knew, takes effect once", async () => {
    await publish("s1");
    await deliver([noteLogout], (send) => async (events) => {
      await send(events);
      throw new Error("killed");
    });
    expect(await effects()).toEqual(["s1"]);
    expect(await outbox()).toHaveLength(1);
    await deliver([noteLogout]);
    expect(await effects()).toEqual(["s1"]);
    expect(await outbox()).toEqual([]);
  });

  test("when a consumer fails, its half-done effect is undone and the event is tried again later", async () => {
    await publish("s1");
    const halfWay = on("users.logged-out", async (event, tx, database) => {
      await noteLogout.handle(event, tx, database);
      throw new Error("half-way");
    });
    await deliver([halfWay]);
    expect(await effects()).toEqual([]);
    expect(await outbox()).toEqual([{ status: "waiting", attempts: 1 }]);

    await makeDue();
    await deliver([noteLogout]);
    expect(await effects()).toEqual(["s1"]);
  });

  test("a poisonous event does not hold up the others, and is set aside after its tries", async () => {
    for (const session of ["s1", "poison", "s2"]) await publish(session);
    const picky = on("users.logged-out", async (event, tx, database) => {
      if (event.payload.sessionId === "poison") throw new Error("cannot digest");
      await noteLogout.handle(event, tx, database);
    });
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      await makeDue();
      await deliver([picky]);
      expect(await effects()).toEqual(["s1", "s2"]);
    }
    expect(await outbox()).toEqual([{ status: "dead", attempts: maxAttempts }]);
  });

  test("an event that its queue refuses is tried again for ever: no consumer has failed at it", async () => {
    await publish("s1");
    const rebind = () => Promise.resolve();
    const refuse: OutboxPublisher = {
      send: (events) => Promise.resolve(events.map(() => new Error("refused"))),
      rebind,
    };
    for (let attempt = 0; attempt < maxAttempts + 1; attempt += 1) {
      await makeDue();
      const relay = new OutboxRelay(publisher, refuse, settings, silent);
      relay.start();
      await relay.stop();
    }
    expect(await outbox()).toEqual([{ status: "waiting", attempts: maxAttempts + 1 }]);
  });

  test("a delivered event is kept, and is resent after its queue was lost", async () => {
    await publish("s1");
    let queue: EventEnvelope[] = [];
    let isBound = true;
    const outlet: OutboxPublisher = {
      send(events) {
        if (!isBound)
          return Promise.reject(new LostRouteError([{ service: "audit", events: ["users.logged-out"] }]));
        queue.push(...events);
        return Promise.resolve(events.map(() => undefined));
      },
      rebind() {
        isBound = true;
        return Promise.resolve();
      },
    };
    const run = async () => {
      const relay = new OutboxRelay(publisher, outlet, settings, silent);
      relay.start();
      await relay.stop();
    };
    await run();
    expect(await outbox()).toEqual([{ status: "sent", attempts: 0 }]);

    [queue, isBound] = [[], false];
    await publish("s2");
    await run();
    await consume(subscriber, [noteLogout], subscriber, queue);
    expect(await effects()).toEqual(["s1", "s2"]);
    expect(await outbox()).toEqual([
      { status: "sent", attempts: 0 },
      { status: "sent", attempts: 0 },
    ]);
  });

  test("a thousand events in ten deliveries with random faults each take effect exactly once", async () => {
    const sessions = Array.from({ length: 1000 }, () => newId()).sort();
    for (const session of sessions) await publish(session);
    for (let n = 0; n < 10; n += 1) {
      await makeDue();
      await deliver([noteLogout], (send) => async (events) => {
        const doubled: EventEnvelope[] = events.flatMap((event, index) =>
          index % 7 === n % 7 ? [event, event] : [event],
        );
        await send(doubled.slice(0, doubled.length / 2));
        if (n < 9 && n % 2 === 0) throw new Error("killed");
        return send(events);
      });
    }
    expect(await effects()).toEqual(sessions);
    expect(await outbox()).toEqual([]);
  });

  test("a write outside a transaction is refused", async () => {
    const write = subscriber.sequelize.query("INSERT INTO effects (session) VALUES ('x')", {
      type: "INSERT",
    });
    await expect(write).rejects.toThrow("a write needs a transaction");
  });
});
