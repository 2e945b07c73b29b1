import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { sendThroughKills } from "../../support/webhooks/drill.ts";
import { Receiver } from "../../support/webhooks/receivers.ts";
import type { SendingNode } from "../../support/webhooks/sending-nodes.ts";
import { origin, WebhookWorld } from "../../support/webhooks/sending-nodes.ts";

const quick = { delaysMs: [10, 10, 10] };
const day = 86_400_000;

describe("sending webhooks", () => {
  let world: WebhookWorld;
  let receivers: Receiver[];
  let nodes: SendingNode[];
  beforeEach(async () => {
    world = await WebhookWorld.open();
    receivers = [];
    nodes = [];
  });
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    await Promise.all(receivers.map((receiver) => receiver.close()));
    await world.database.sequelize.close();
  });

  const receiver = async (reply?: Receiver["reply"]) => {
    const opened = await Receiver.open(reply);
    receivers.push(opened);
    return opened;
  };
  const startNode = (...parts: Parameters<WebhookWorld["startNode"]>) => {
    const node = world.startNode(...parts);
    nodes.push(node);
    return node;
  };
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    while (!(await isSo())) await sleep(5);
  };
  const rows = (sql: string, ...values: string[]) =>
    world.database.select<Record<string, unknown>>(sql, values);

  test("events of nodes that are killed reach a receiver that fails often, at least once each", async () => {
    const report = await sendThroughKills(world, {
      events: 500,
      failing: 0.3,
      nodes: 2,
      killEveryMs: 150,
      leaseMs: 300,
    });
    process.stdout.write(`${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({ events: 500, lost: 0 });
    expect(report.kills).toBeGreaterThan(0);
    const { n } =
      (
        await rows(
          "SELECT COUNT(*) AS n FROM deliveries d WHERE attempts <> (SELECT COUNT(*) FROM attempts a WHERE a.delivery_id = d.id)",
        )
      )[0] ?? {};
    expect(n).toBe(0);
  });

  test("a node that was killed keeps a delivery until its lease ends; then another sends it", async () => {
    const silent = await receiver(() => undefined);
    const endpoint = await world.addEndpoint(silent.url);
    const [id] = await world.addEvents(1, [endpoint]);
    const killed = startNode({ leaseMs: 200 });
    await until(() => silent.received.length === 1);
    await killed.kill();
    silent.reply = () => ({ status: 200 });
    startNode();
    await until(async () => (await world.count("delivered")) === 1);
    expect(silent.ids).toEqual([id, id]);
  });

  test("a node that stops gives back at once what is under way", async () => {
    const silent = await receiver(() => undefined);
    await world.addEvents(1, [await world.addEndpoint(silent.url)]);
    const stopped = startNode({ leaseMs: day });
    await until(() => silent.received.length === 1);
    await stopped.sender.stop(0);
    const [delivery] = await rows("SELECT status, attempts, claim, due_at AS dueAt FROM deliveries");
    expect(delivery).toMatchObject({ status: "waiting", attempts: 0, claim: null });
    expect(Number(delivery?.["dueAt"])).toBeLessThanOrEqual(Date.now());
  });

  test("an ordered endpoint gets one at a time, in order, from any number of nodes", async () => {
    let underWay = 0;
    let most = 0;
    const careful = await receiver(async (_request, number) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await sleep(2);
      underWay -= 1;
      return { status: number % 4 === 0 ? 503 : 200 };
    });
    const endpoint = await world.addEndpoint(careful.url, { ordered: true });
    const ids = await world.addEvents(30, [endpoint]);
    for (let node = 0; node < 3; node += 1) startNode(quick, 5);
    await until(async () => (await world.count("waiting")) === 0);
    expect([...new Set(careful.ids)]).toEqual(ids);
    expect(most).toBe(1);
    // Each is repeated before the next begins.
    const order = careful.ids.map((id) => ids.indexOf(id));
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(careful.received.length).toBe(39);
  });

  test("a given-up delivery lets an ordered endpoint go on", async () => {
    const picky = await receiver(({ body }) => ({ status: body.includes('"index":0') ? 400 : 200 }));
    const endpoint = await world.addEndpoint(picky.url, { ordered: true });
    const [first, second] = await world.addEvents(2, [endpoint]);
    startNode(quick);
    await until(async () => (await world.count("delivered")) === 1);
    expect(picky.ids).toEqual([first, first, first, first, second]);
    expect(await world.count("failed")).toBe(1);
  });

  test("a receiver that is gone is disabled at once, and what waits stays", async () => {
    const gone = await receiver(() => ({ status: 410, body: "no more" }));
    const endpoint = await world.addEndpoint(gone.url, { ordered: true });
    await world.addEvents(3, [endpoint]);
    startNode();
    await until(async () => !(await world.endpoints.byId(endpoint.id))?.enabled);
    await sleep(60);
    expect(gone.received.length).toBe(1);
    expect(await world.endpoints.byId(endpoint.id)).toMatchObject({ disabledReason: "gone", version: 2 });
    expect([await world.count("failed"), await world.count("waiting")]).toEqual([1, 2]);
    const [event] = await rows("SELECT envelope FROM outbox");
    expect(event?.["envelope"]).toContain("webhooks.endpoint-disabled");
  });

  test("one without a success for three days is disabled by its next failure, and not before", async () => {
    const broken = await receiver(() => ({ status: 500 }));
    const failingSince = Date.now() - 3 * day;
    const old = await world.addEndpoint(broken.url, { failingSince });
    const recent = await world.addEndpoint(broken.url, { failingSince: failingSince + 60_000 });
    await world.addEvents(1, [old, recent]);
    startNode();
    await until(async () => !(await world.endpoints.byId(old.id))?.enabled && broken.received.length === 2);
    await sleep(30);
    expect(await world.endpoints.byId(old.id)).toMatchObject({ disabledReason: "failing" });
    expect(await world.endpoints.byId(recent.id)).toMatchObject({ enabled: true, disabledReason: null });
  });

  test("a success ends the time of failures", async () => {
    const recovered = await receiver((_request, number) => ({ status: number === 1 ? 500 : 200 }));
    const endpoint = await world.addEndpoint(recovered.url);
    await world.addEvents(1, [endpoint]);
    startNode(quick);
    await until(async () => (await world.endpoints.byId(endpoint.id))?.failingSince !== null);
    await until(async () => (await world.count("delivered")) === 1);
    expect((await world.endpoints.byId(endpoint.id))?.failingSince).toBeNull();
  });

  test("an endpoint that hangs has ten deliveries under way, and others all of theirs", async () => {
    const silent = await receiver(() => undefined);
    const prompt = await receiver();
    const both = [await world.addEndpoint(silent.url), await world.addEndpoint(prompt.url)];
    await world.addEvents(50, both);
    const node = startNode();
    await until(() => prompt.received.length === 50);
    await until(() => silent.received.length === 10);
    await until(() => node.sender.underWay === 10);
    expect(silent.received.length).toBe(10);
  });

  test("after ten failures in a row an endpoint is left alone, and its deliveries keep their attempts", async () => {
    const broken = await receiver(() => ({ status: 500 }));
    await world.addEvents(100, [await world.addEndpoint(broken.url)]);
    startNode();
    await until(async () => (await rows("SELECT delivery_id FROM attempts")).length >= 10);
    await sleep(100);
    // As many as were under way when the tenth failed.
    expect(broken.received.length).toBeLessThan(20);
    const [{ n } = {}] = await rows("SELECT COUNT(*) AS n FROM deliveries WHERE attempts = 0");
    expect(Number(n)).toBeGreaterThan(80);
  });

  test("past events are added by one statement, in order, each with an id of its own", async () => {
    const target = await receiver();
    const other = await world.addEndpoint(target.url, { enabled: false });
    const ids = await world.addEvents(12, [other]);
    const ordered = await world.addEndpoint(target.url, { ordered: true, events: ["test.*"] });
    const interval = { from: 0, before: Date.now() + 1 };
    await world.database.transaction(origin, async (tx) => {
      expect(await world.deliveries.countEvents(interval, ["other.*", "test.other"], 100, tx)).toBe(0);
      expect(await world.deliveries.countEvents(interval, ordered.events, 5, tx)).toBe(5);
      const after = await world.endpoints.takePositions(ordered.id, 12, tx);
      expect(await world.deliveries.replay(ordered, interval, after, Date.now(), tx)).toBe(12);
    });
    startNode();
    await until(async () => (await world.count("delivered", ordered.id)) === 12);
    expect(target.ids).toEqual(ids);
    const [{ n } = {}] = await rows(
      "SELECT COUNT(DISTINCT id) AS n FROM deliveries WHERE endpoint_id = ?",
      ordered.id,
    );
    expect(n).toBe(12);
    for (const { id } of await rows("SELECT id FROM deliveries WHERE endpoint_id = ?", ordered.id))
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-0{10}\d\d$/);
  });

  test("a delivery that was sent again comes after what waits in an ordered endpoint", async () => {
    const target = await receiver();
    const endpoint = await world.addEndpoint(target.url, { ordered: true });
    const [first, second] = await world.addEvents(2, [endpoint]);
    const node = startNode();
    await until(async () => (await world.count("delivered")) === 2);
    await node.stop();
    const [{ id } = {}] = await rows("SELECT id FROM deliveries WHERE event_id = ?", first ?? "");
    const [third] = await world.addEvents(1, [endpoint]);
    await world.database.transaction(origin, async (tx) => {
      const after = await world.endpoints.takePositions(endpoint.id, 1, tx);
      await world.deliveries.retry(String(id), after + 1, Date.now(), tx);
    });
    startNode();
    await until(async () => (await world.count("waiting")) === 0);
    expect(target.ids).toEqual([first, second, third, first]);
  });
});
