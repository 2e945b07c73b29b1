import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { setImmediate as round } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import moleculer from "moleculer";
import type { ServiceBroker } from "moleculer";
import { LeastOutstandingStrategy } from "../../../mixins/transport/least-outstanding-strategy.ts";
import {
  countOutstandingRequests,
  outstandingRequests,
} from "../../../mixins/transport/outstanding-requests.middleware.ts";

describe("among several nodes that run an action", () => {
  let namespace: string;
  let brokers: ServiceBroker[];
  let caller: ServiceBroker;
  let asked: string[];
  /** Nodes that do not respond until released. */
  let held: Map<string, Promise<void>>;
  const arrivals = new EventEmitter();

  const node = async (nodeID: string, runs: boolean) => {
    const broker = new moleculer.ServiceBroker({
      namespace,
      nodeID,
      logger: false,
      transporter: "Fake",
      middlewares: [countOutstandingRequests()],
      registry: { strategy: LeastOutstandingStrategy },
    });
    const handler = async () => {
      asked.push(nodeID);
      arrivals.emit("arrival");
      await held.get(nodeID);
      return nodeID;
    };
    if (runs) broker.createService({ name: "work", actions: { do: handler } });
    brokers.push(broker);
    await broker.start();
    return broker;
  };
  const call = () => caller.call<string, object>("work.do", {});

  beforeEach(async () => {
    namespace = randomUUID();
    [brokers, asked, held] = [[], [], new Map()];
    await node("one", true);
    await node("two", true);
    caller = await node("caller", false);
    await caller.waitForServices("work");
    while (caller.registry?.actions.get("work.do")?.endpoints.length !== 2) await round();
  });

  afterEach(() => Promise.all(brokers.map((broker) => broker.stop())));

  test("those that answer alike are asked in turn", async () => {
    for (let count = 0; count < 10; count += 1) await call();
    expect(asked.filter((name) => name === "one")).toHaveLength(5);
    expect(asked.filter((name) => name === "two")).toHaveLength(5);
  });

  test("a pattern in the requests does not direct all work to one node", async () => {
    for (let count = 0; count < 200; count += 1) await call();
    expect(new Set(asked.filter((_name, index) => index % 2 === 0))).toEqual(new Set(["one", "two"]));
  });

  test("a node that does not answer gets one request, and its share again once it answers", async () => {
    const { promise, resolve: letGo } = Promise.withResolvers<void>();
    held.set("two", promise);
    const calls: Promise<string>[] = [];
    for (let count = 0; count < 30; count += 1) {
      const arrival = once(arrivals, "arrival");
      const answer = call();
      calls.push(answer);
      await arrival;
      if (asked.at(-1) === "one") await answer;
    }
    expect(asked.filter((name) => name === "two")).toHaveLength(1);
    expect(outstandingRequests(caller, "two")).toBe(1);
    held.clear();
    letGo();
    await Promise.all(calls);
    expect(outstandingRequests(caller, "two")).toBe(0);
    for (let count = 0; count < 10; count += 1) await call();
    expect(asked.filter((name) => name === "two")).toHaveLength(6);
  });

  test("many requests at once are spread evenly", async () => {
    await Promise.all(Array.from({ length: 40 }, call));
    expect(asked.filter((name) => name === "one")).toHaveLength(20);
  });

  test("the caller's own service is preferred, however much it has to do", async () => {
    caller = await node("both", true);
    await Promise.all(Array.from({ length: 20 }, call));
    expect(new Set(asked)).toEqual(new Set(["both"]));
  });

  test("a node that goes away takes its requests with it", async () => {
    held.set("two", new Promise(() => undefined));
    const arrival = once(arrivals, "arrival");
    const answers = [call(), call()].map((answer) => answer.catch(() => "lost"));
    await arrival;
    (
      caller as unknown as {
        registry: { discoverer: { remoteNodeDisconnected(id: string, unexpected: boolean): void } };
      }
    ).registry.discoverer.remoteNodeDisconnected("two", true);
    expect((await Promise.all(answers)).toSorted()).toEqual(["lost", "one"]);
    expect(outstandingRequests(caller, "two")).toBe(0);
    held.clear();
  });
});
