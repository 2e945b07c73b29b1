import { EventEmitter } from "node:events";
import { afterEach, expect, jest, test } from "@jest/globals";
import amqplib from "amqplib";
import moleculer from "moleculer";
import type { FallbackPacket, RedisFallback } from "../../../mixins/transport/redis-fallback.ts";
import { AmqpTransporter } from "../../../mixins/transport/amqp-transporter.ts";

type Consumer = (message: { content: Buffer; properties: object }) => void;

/** A node connected to a fake RabbitMQ that accepts everything until it blocks. */
async function connectedNode(fallback?: Partial<RedisFallback>) {
  const consumers = new Map<string, Consumer>();
  const done = () => Promise.resolve({});
  const channel = Object.assign(new EventEmitter(), {
    assertQueue: done,
    assertExchange: done,
    bindQueue: done,
    consume: (queue: string, consumer: Consumer) => (consumers.set(queue, consumer), done()),
    publish: jest.fn(),
    sendToQueue: jest.fn(),
  });
  const connection = Object.assign(new EventEmitter(), {
    createChannel: () => Promise.resolve(channel),
    close: done,
  });
  jest.spyOn(amqplib, "connect").mockResolvedValue(connection as never);
  const detour = { isReady: true, subscribe: jest.fn(), ...fallback } as unknown as RedisFallback;
  const transporter = new AmqpTransporter({ url: "amqp://127.0.0.1" }, fallback && (() => detour));
  const broker = new moleculer.ServiceBroker({ nodeID: "node-1", logger: false, transporter });
  const { transit } = broker as unknown as {
    transit: { publish(packet: object): Promise<void>; pendingRequests: Map<string, object> };
  };
  await transporter.connect();
  channel.publish.mockClear();
  return { transporter, transit, connection, channel, consumers, detour };
}

const request = { type: "REQ", target: "node-2", payload: { id: "1" } };

afterEach(() => {
  jest.restoreAllMocks();
});

test("while RabbitMQ takes nothing, packets go past it, and over it again afterwards", async () => {
  const publish = jest.fn<RedisFallback["publish"]>().mockResolvedValue(1);
  const { transporter, transit, connection, channel } = await connectedNode({ publish });
  connection.emit("blocked", "low on disk");
  await transit.publish(request);
  expect(publish).toHaveBeenCalledWith("MOL.REQ.node-2", expect.objectContaining({ sender: "node-1" }));
  expect(channel.sendToQueue).not.toHaveBeenCalled();
  expect({ isBlocked: transporter.isBlocked, carries: transporter.canDeliver }).toEqual({
    isBlocked: true,
    carries: true,
  });
  connection.emit("unblocked");
  await transit.publish(request);
  expect(channel.sendToQueue).toHaveBeenCalledTimes(1);
  expect(transporter.isBlocked).toBe(false);
});

test("a request past RabbitMQ to a node that is gone comes back at once", async () => {
  const { transit, connection } = await connectedNode({ publish: () => Promise.resolve(0) });
  connection.emit("blocked", "low on disk");
  const reject = jest.fn();
  transit.pendingRequests.set("1", { nodeID: "node-2", action: { name: "cart.get" }, reject });
  await transit.publish(request);
  expect(reject).toHaveBeenCalledWith(expect.objectContaining({ type: "REQUEST_RETURNED" }));
});

test.each([
  ["there is no Redis", undefined],
  ["Redis is away", { isReady: false, publish: () => Promise.reject(new Error("away")) }],
])(
  "while RabbitMQ takes nothing and %s, requests fail at once, and the node is not ready",
  async (_what, fallback) => {
    const { transporter, transit, connection } = await connectedNode(fallback);
    connection.emit("blocked", "low on disk");
    await expect(transit.publish(request)).rejects.toMatchObject({ type: "BAD_GATEWAY", retryable: true });
    expect(transporter.canDeliver).toBe(false);
  },
);

test("messages unread when RabbitMQ blocked a node have no effect when it reads on", async () => {
  const { transporter, consumers, detour } = await connectedNode({});
  const receive = jest.spyOn(transporter, "receive").mockResolvedValue(undefined);
  const subscribed = new Map((detour.subscribe as jest.Mock<RedisFallback["subscribe"]>).mock.calls);
  const detoured: FallbackPacket = { sender: "node-2", blockedAt: 1000, data: Buffer.from("past") };
  subscribed.get("MOL.REQ.node-1")?.(detoured);
  const arrive = (appId: string, timestamp: number) =>
    consumers.get("MOL.REQ.node-1")?.({
      content: Buffer.from(`${appId} ${timestamp}`),
      properties: { appId, timestamp },
    });
  arrive("node-2", 999);
  arrive("node-2", 1001);
  arrive("node-3", 999);
  expect(receive.mock.calls.map(([, content]) => content.toString())).toEqual([
    "past",
    "node-2 1001",
    "node-3 999",
  ]);
});
