import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { once } from "node:events";
import { gzipSync } from "node:zlib";
import type { ConfirmChannel } from "amqplib";
import { connect } from "amqplib";
import type { Cluster } from "../../deploy/local/cluster.ts";
import { startCluster } from "../../deploy/local/cluster.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { amqpTopology } from "../../mixins/events/amqp-topology.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { callShop } from "../../services/operations/console/known-nodes.ts";
import { callAsOperator, createProduct, flood } from "./event-flood.ts";
import { EventLedger } from "./event-ledger.ts";
import { randomFrom, unleash } from "./nemesis.ts";
import { startNode, typeAtConsole, until } from "./processes.ts";
import { giveBack, takeStack } from "./stack-for-tests.ts";
import { allContracts } from "../support/all-contracts.ts";

const events = 20_000;
const seed = 20_261;
const publishers = ["catalog-1", "catalog-2"];
const consumers = ["audit-1", "audit-2"];
const settings = { EVENT_ATTEMPTS: "4", EVENT_BACKOFF_MS: "50,100" };

describe("durable events in a cluster", () => {
  let stack: Stack;
  let cluster: Cluster;
  let ledger: EventLedger;

  beforeAll(async () => {
    stack = await takeStack();
    const { directory } = stack;
    const counts = { catalog: publishers.length, audit: consumers.length, rest: 0 };
    cluster = await startCluster({ directory, fast: true, counts, settings });
    await cluster.broker.waitForServices(["catalog", "audit"]);
    ledger = await EventLedger.open(cluster.broker);
  }, 300_000);

  afterAll(async () => {
    await ledger?.close();
    await cluster?.stop();
    await giveBack(stack);
  }, 600_000);

  const allUp = () => cluster.nodes.every(({ state }) => state === "up");
  const answers = (nodeID: string) =>
    callShop(cluster.broker, "operations.node", {}, { nodeID }).then(
      () => true,
      () => false,
    );
  const topology = () =>
    amqpTopology(allContracts, configOf(cluster.broker).namespace, configOf(cluster.broker).events.backoffMs);
  const changeStock = async (reason: string, requestId?: string) => {
    const { variants } = await createProduct(cluster.broker, `p-${newId()}`, 1);
    const [variant] = variants;
    await callAsOperator(
      cluster.broker,
      "catalog.stock.change",
      { variantId: variant?.id ?? "", kind: "receive", quantity: 1, reason },
      requestId,
    );
  };
  const isRecorded = async (reason: string) => (await ledger.recorded()).includes(`stock ${reason}`);
  const letterOf = async (test: (letter: { requestId: string; eventId: string }) => boolean) =>
    (await callShop(cluster.broker, "operations.dead-letters.list", {})).items.find(test);
  const atConsole = async (...lines: string[]) => {
    const environment = { HOME: stack.directory, ...settings };
    const node = startNode(["none", "--repl"], {
      environmentFile: cluster.stack.environmentFile,
      environment,
    });
    return (await typeAtConsole(node, lines)).shown;
  };

  async function onChannel(work: (channel: ConfirmChannel) => Promise<unknown>): Promise<void> {
    const connection = await connect(cluster.stack.environment.AMQP_URL);
    const channel = await connection.createConfirmChannel();
    await work(channel);
    await connection.close();
  }

  test("twenty thousand take effect exactly once each while publishers, consumers and RabbitMQ are killed", async () => {
    const began = Date.now();
    const random = randomFrom(seed);
    const seconds = () => ((Date.now() - began) / 1000).toFixed(1);
    const say = (line: string) => process.stdout.write(`${line}\n`);
    const killed = async (name: string) => {
      await until(() => cluster.nodes.find(({ plan }) => plan.name === name)?.state === "up");
      await cluster.kill(name);
    };
    const misfortunes = [
      ...[...publishers, ...publishers].map((name) => ({
        kind: "publisher",
        strike: async () => killed(name),
      })),
      ...[...consumers, ...consumers].map((name) => ({ kind: "consumer", strike: async () => killed(name) })),
      ...[1, 2].map(() => ({
        kind: "rabbitmq",
        strike: async () => {
          await cluster.stack.kill("rabbitmq");
          await cluster.stack.start("rabbitmq");
          say(`${seconds()} s RabbitMQ is back`);
        },
      })),
    ];
    const over = unleash(misfortunes, {
      random,
      longestPauseMs: 1000,
      tell: (line) => say(`${seconds()} s ${line}`),
    });
    const figures = await flood({
      broker: cluster.broker,
      random: randomFrom(seed + 1),
      events,
      until: over,
    });
    say(`${seconds()} s calls are over`);

    const committed = await ledger.committed();
    await until(
      async () =>
        allUp() && (await ledger.unsent()) === 0 && (await ledger.recordedCount()) >= committed.length,
    );
    const recorded = await ledger.recorded();

    const kills = Object.entries(Object.groupBy(misfortunes, ({ kind }) => kind)).map(
      ([kind, all]) => `${all?.length} × ${kind}`,
    );
    say(
      `${seconds()} s ${recorded.length} events took effect; killed ${kills.join(", ")}; ${await ledger.deadlocks()} deadlocks`,
    );
    const { calls, failed, failures, longestFailureMs } = figures;
    say(
      `${calls} calls, ${failed} failed (${JSON.stringify(failures)}), for ${longestFailureMs} ms at a time at most`,
    );

    expect(committed.length).toBeGreaterThanOrEqual(events);
    expect(new Set(committed).size).toBe(committed.length);
    expect(differences(committed, recorded)).toEqual({ missing: [], extra: [] });
    expect(await ledger.unsent()).toBe(0);
    // Every node receives requests.
    for (const { plan } of cluster.nodes) expect(await answers(plan.name)).toBe(true);
  }, 600_000);

  test("a failing event becomes a dead letter after its last attempt, and takes effect when replayed after the repair", async () => {
    const requestId = newId();
    await ledger.refuse(requestId);
    await changeStock("refused", requestId);
    await changeStock("next");
    await until(() => isRecorded("next"));
    await until(async () => (await letterOf((letter) => letter.requestId === requestId)) !== undefined);

    const letter = await letterOf((candidate) => candidate.requestId === requestId);
    expect(letter).toMatchObject({ event: "catalog.stock-changed", consumer: "audit", attempts: 4 });
    expect(letter).toHaveProperty("error", expect.stringContaining("refused"));
    expect(await isRecorded("refused")).toBe(false);
    expect(await ledger.unsent()).toBe(0);

    await ledger.refuseNoMore();
    const shown = await atConsole("shop dlq list", `shop dlq replay ${letter?.eventId}`, "shop dlq list");
    expect(shown).toMatch(new RegExp(`${letter?.eventId} +catalog.stock-changed .* audit +4 `));
    expect(shown).toContain("1 queued for replay");
    expect(shown).toContain("there are no dead letters");
    await until(() => isRecorded("refused"));
    expect((await ledger.recorded()).filter((text) => text === "stock refused")).toHaveLength(1);
  }, 240_000);

  test("a message that is no event is set aside at once and shown", async () => {
    const ids = [newId(), newId()];
    await onChannel(async (channel) => {
      const queue = topology().queueOf("audit");
      channel.sendToQueue(queue, Buffer.from("{ broken"), { persistent: true, messageId: ids[0] });
      channel.sendToQueue(queue, Buffer.from("null"), { persistent: true, messageId: ids[1] });
      await channel.waitForConfirms();
    });
    await changeStock("after the broken ones");
    await until(() => isRecorded("after the broken ones"));
    for (const id of ids) {
      await until(async () => (await letterOf(({ eventId }) => eventId === id)) !== undefined);
      expect(await letterOf(({ eventId }) => eventId === id)).toMatchObject({
        event: "unreadable",
        consumer: "audit",
      });
    }
    await onChannel((channel) => channel.purgeQueue(topology().deadQueueOf("audit")));
  }, 240_000);

  test("no kind of poison is lost from sight or holds up others: each has an id of its own, is shown, replayed and removed", async () => {
    const event = (changes: object) => {
      const actor = { kind: "system", id: "test" };
      const payload = { variantId: newId(), kind: "receive", quantity: 1, reason: "poison" };
      return JSON.stringify({
        id: newId(),
        name: "catalog.stock-changed",
        occurredAt: Date.now(),
        actor,
        requestId: "poison",
        payload,
        ...changes,
      });
    };
    const notUtf8 = Buffer.from(event({}).replace("poison", "pois\xf6n"), "latin1");
    const kinds: Readonly<Record<string, readonly [content: string | Buffer, options?: object]>> = {
      "not JSON": ["{ broken"],
      "JSON of another shape": ["[1, 2]"],
      "the same once more": ["[1, 2]"],
      "an empty body": [""],
      "another empty body, and no id that is one": [
        "",
        { messageId: "00000000-0000-0000-0000-000000000000" },
      ],
      "no id": [event({ id: undefined }), { messageId: "x" }],
      "an id that is none": [event({ id: "17" })],
      "an unknown name": [event({ name: "catalog.exploded" })],
      "an event for someone else": [event({ name: "users.nonsense", payload: {} })],
      "a payload that lacks something": [event({ payload: { variantId: newId() } })],
      "no payload": [event({ payload: undefined })],
      "no actor": [event({ actor: null })],
      "no time": [event({ occurredAt: undefined })],
      "a time beyond all clocks": [event({ occurredAt: 1e300 })],
      "a trace that is none": [event({ traceparent: 5 })],
      "another encoding": [notUtf8],
      compressed: [gzipSync(event({})), { contentEncoding: "gzip" }],
      "very large": [event({ name: "catalog.exploded", payload: { text: "x".repeat(1_000_000) } })],
      "odd headers": [
        event({ name: "catalog.exploded" }),
        { headers: { "x-attempts": "many", "x-error": { a: [1] } } },
      ],
      "tried less than never": [event({ name: "catalog.exploded" }), { headers: { "x-attempts": -1e9 } }],
      "odd properties": [
        "?",
        {
          type: "x",
          correlationId: "y",
          replyTo: "z",
          expiration: "60000",
          priority: 9,
          contentType: "image/png",
        },
      ],
    };
    const poisons = Object.entries(kinds);
    await onChannel(async (channel) => {
      for (const service of ["audit", "catalog"])
        for (const [, [content, options]] of poisons)
          channel.sendToQueue(topology().queueOf(service), Buffer.from(content), {
            persistent: true,
            ...options,
          });
      await channel.waitForConfirms();
    });
    await changeStock("after all the poison");
    await until(() => isRecorded("after all the poison"));

    const letters = async () =>
      (await callShop(cluster.broker, "operations.dead-letters.list", { limit: 100 })).items;
    await until(async () => (await letters()).length >= 2 * poisons.length);
    const first = await letters();
    expect(first.filter(({ consumer }) => consumer === "audit")).toHaveLength(poisons.length);
    expect(first.filter(({ consumer }) => consumer === "catalog")).toHaveLength(poisons.length);
    const names = first.map(({ eventId, consumer }) => `${consumer} ${eventId}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { eventId } of first) expect(eventId).toMatch(/^(?!0{8})[\da-f]{8}-/);

    const ids = [...new Set(first.map(({ eventId }) => eventId))];
    const [one = ""] = ids;
    const shown = await atConsole("shop dlq list", `shop dlq show ${one}`);
    for (const id of ids) expect(shown).toMatch(new RegExp(`^${id} `, "m"));
    expect(shown).toContain(`"eventId": "${one}"`);
    const replayed = await callShop(cluster.broker, "operations.dead-letters.replay", {});
    expect(replayed).toEqual({ revived: 2 * poisons.length });
    await until(async () => (await letters()).length >= 2 * poisons.length);
    expect((await letters()).map(({ eventId, consumer }) => `${consumer} ${eventId}`).sort()).toEqual(
      names.toSorted(),
    );

    for (const eventId of ids.slice(1)) {
      const deliveries = first.filter((letter) => letter.eventId === eventId).length;
      expect(await callShop(cluster.broker, "operations.dead-letters.remove", { eventId })).toEqual({
        removed: deliveries,
      });
    }
    const removed = await atConsole(`shop dlq remove ${one}`, "shop dlq list");
    expect(removed).toMatch(/[1-9]\d* removed/);
    expect(removed).toContain("there are no dead letters");
    expect((await ledger.recorded()).filter((text) => text === "stock poison")).toEqual([]);
  }, 600_000);

  test("when a consumer's queue is lost, its nodes make it again and listen", async () => {
    const queue = topology().queueOf("audit");
    await onChannel((channel) => channel.deleteQueue(queue));
    // Checking a missing queue closes the channel, so each check opens its own.
    const isHeard = async () => {
      let listeners = 0;
      await onChannel(async (channel) => {
        channel.on("error", () => undefined);
        ({ consumerCount: listeners } = await channel.checkQueue(queue).catch(() => ({ consumerCount: 0 })));
      });
      return listeners === consumers.length;
    };
    await until(isHeard);
    await changeStock("on the new queue");
    await until(() => isRecorded("on the new queue"));
    expect((await ledger.recorded()).filter((text) => text === "stock on the new queue")).toHaveLength(1);
  }, 240_000);

  test("while RabbitMQ is away, a node that publishes and consumes stops when it is asked to", async () => {
    const environment = { NODE_ID: "by-hand", ...settings };
    const node = startNode(["catalog", "audit"], {
      environmentFile: cluster.stack.environmentFile,
      environment,
    });
    await until(() => answers("by-hand"));
    await cluster.stack.kill("rabbitmq");
    node.kill("SIGTERM");
    const [code] = (await once(node, "exit")) as [number];
    expect(code).toBe(0);
    await cluster.stack.start("rabbitmq");
    await until(() => answers("audit-1"));
  }, 240_000);
});

/** Differences between two sorted lists, as multisets. */
function differences(committed: readonly string[], recorded: readonly string[]) {
  const balance = new Map<string, number>();
  for (const text of committed) balance.set(text, (balance.get(text) ?? 0) + 1);
  for (const text of recorded) balance.set(text, (balance.get(text) ?? 0) - 1);
  const off = [...balance].filter(([, count]) => count !== 0);
  return { missing: off.filter(([, count]) => count > 0), extra: off.filter(([, count]) => count < 0) };
}
