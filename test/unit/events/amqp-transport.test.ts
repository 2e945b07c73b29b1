import { createRequire } from "node:module";
import { afterEach, expect, jest, test } from "@jest/globals";
import amqp from "amqp-connection-manager";
import amqplib from "amqplib";
import { amqpTopology } from "../../../mixins/events/amqp-topology.ts";
import { AmqpTransport } from "../../../mixins/events/amqp-transport.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { outcomeOf, eventLoopTicks } from "../../support/pausable-disk.ts";
import { allContracts } from "../../support/all-contracts.ts";

/** Members missing in amqplib's types. */
interface AmqplibChannel {
  emit(event: "ack", confirmed: { deliveryTag: number; multiple: boolean }): void;
  /** Simulates the loss of its connection. */
  toClosed(stack: string): void;
}
const { ConfirmChannel } = createRequire(import.meta.url)("amqplib/lib/channel_model.js") as {
  ConfirmChannel: new (connection: object) => AmqplibChannel;
};
const { IllegalOperationError } = amqplib as unknown as {
  IllegalOperationError: new (message: string) => Error;
};

const silent = { info: () => undefined, warn: () => undefined };

/** A transport with a channel of amqplib's own, on a connection that leads nowhere. */
async function connected() {
  const connection = { sendMessage: () => true, sendMethod: () => true, releaseChannel: () => undefined };
  const declared = () => Promise.resolve();
  const made = () =>
    Object.assign(new ConfirmChannel(connection), {
      assertExchange: declared,
      assertQueue: declared,
      bindQueue: declared,
    });
  const [channel, another] = [made(), made()];
  const createChannel = ({ setup }: { setup: (channel: AmqplibChannel) => Promise<void> }) => {
    void setup(channel);
    return { on: () => undefined, waitForConnect: () => Promise.resolve() };
  };
  const manager = {
    on: () => undefined,
    isConnected: () => true,
    connection: { createChannel: () => Promise.resolve(another) },
    createChannel,
  };
  jest.spyOn(amqp, "connect").mockReturnValue(manager as never);
  const transport = new AmqpTransport(
    "amqp://127.0.0.1",
    amqpTopology(allContracts, "test", [1000]),
    3,
    silent,
  );
  await eventLoopTicks();
  const outlet = transport.addOutbox("users", {} as never);
  return { outlet, channel, another, connection };
}

const event = () =>
  ({
    id: newId(),
    name: "users.logged-out",
    occurredAt: 0,
    actor: { kind: "system", id: "test" },
    requestId: "test",
    payload: { userId: "u1", sessionId: "s1" },
  }) as never;

const away = { error: new Error("RabbitMQ disconnected") };

afterEach(() => {
  jest.restoreAllMocks();
});

test("a closed channel rejects pending confirms at once, also after out-of-order ones", async () => {
  const { outlet, channel } = await connected();
  const sent = outcomeOf(outlet.send([event(), event(), event()]));
  await eventLoopTicks();
  channel.emit("ack", { deliveryTag: 2, multiple: false });
  channel.toClosed("");
  await eventLoopTicks();
  expect(sent()).toEqual(away);
});

test("events are not to blame when the connection is being closed, and nothing is left over that would end the process", async () => {
  const { outlet, channel, connection } = await connected();
  // As amqplib leaves it until RabbitMQ has confirmed that.
  connection.sendMessage = () => {
    throw new IllegalOperationError("Connection closing");
  };
  const sent = outcomeOf(outlet.send([event(), event()]));
  await eventLoopTicks();
  channel.toClosed("");
  await eventLoopTicks();
  expect(sent()).toEqual(away);
});

test("a reconnect is over when its connection is, although the closing of its channel is never answered", async () => {
  const { outlet, another } = await connected();
  const over = outcomeOf(outlet.rebind?.("audit") ?? Promise.reject(new Error("there are no queues")));
  await eventLoopTicks();
  expect(over()).toBeUndefined();
  another.toClosed("");
  await eventLoopTicks();
  expect(over()).toEqual({ value: undefined });
});
