import { afterEach, expect, jest, test } from "@jest/globals";
import { Redis } from "ioredis";
import { RedisFallback } from "../../../mixins/transport/redis-fallback.ts";

const silent = { debug: () => undefined, warn: () => undefined };
const account = "amqp://shop:secret@127.0.0.1";
const packet = { sender: "node-2", blockedAt: 1000, data: Buffer.from('{"action":"users.login"}\n') };
const topic = "MOL-shop.REQ.node-1";

afterEach(() => {
  jest.restoreAllMocks();
});

/** Result of a packet with these modifications in transit. */
async function sent({ from = account, onTopic = topic, change = (bytes: Buffer) => bytes, afterMs = 0 }) {
  const subscribe = jest.spyOn(Redis.prototype, "subscribe").mockResolvedValue(1);
  const publish = jest.spyOn(Redis.prototype, "publish").mockResolvedValue(1);
  const [near, far] = [
    new RedisFallback("redis://127.0.0.1:1", account, silent),
    new RedisFallback("redis://127.0.0.1:1", from, silent),
  ];
  const receive = jest.fn();
  near.subscribe(topic, receive);
  await far.publish(onTopic, packet);
  const sealed = publish.mock.calls[0]?.[1] as Buffer;
  if (afterMs > 0) jest.spyOn(Date, "now").mockReturnValue(Date.now() + afterMs);
  const subscriber = subscribe.mock.contexts[0] as Redis;
  subscriber.emit("messageBuffer", Buffer.from(topic), change(sealed));
  near.close();
  far.close();
  return { received: receive.mock.calls.map(([got]) => got), sealed };
}

test("a packet arrives as it was sent, and cannot be read on its way", async () => {
  const { received, sealed } = await sent({});
  expect(received).toEqual([packet]);
  expect(sealed.toString("latin1")).not.toMatch(/login|node-2/);
});

test.each([
  ["of someone without the account at RabbitMQ", { from: "amqp://shop:guessed@127.0.0.1" }],
  ["for another channel", { onTopic: "MOL-shop.REQ.node-3" }],
  ["that was altered", { change: (bytes: Buffer) => bytes.fill(0, bytes.length - 4) }],
  ["that is shorter than any", { change: (bytes: Buffer) => bytes.subarray(0, 5) }],
  ["that is sent once more, half a minute later", { afterMs: 31_000 }],
])("a packet %s is ignored", async (_what, how) => {
  expect((await sent(how)).received).toEqual([]);
});
