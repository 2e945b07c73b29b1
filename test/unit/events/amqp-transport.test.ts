import { createRequire } from "node:module";
import { afterEach, expect, jest, test } from "@jest/globals";
import amqp from "amqp-connection-manager";
import amqplib from "amqplib";
import { amqpTopology } from "../../../mixins/events/amqp-topology.ts";
import { AmqpTransport } from "../../../mixins/events/amqp-transport.ts";
import { newId } from "../../../services/contract/ids.ts";
import { outcomeOf, turns } from "../../support/held-disk.ts";

/** What amqplib's types lack of it. */
interface AmqplibChannel {
  emit(event: "ack", confirmed: { deliveryTag: number; multiple: boolean }): void;
  /** What the loss of its connection does to it. */
  toClosed(stack: string): void;
}
const { ConfirmChannel } = createRequire(import.meta.url)("amqplib/lib/channel_model.js") as {
  ConfirmChannel: new (connection: object) => AmqplibChannel;
};
const { IllegalOperationError } = amqplib as unknown as { IllegalOperationError: new (message: string) => Error };

const silent = { info: () => undefined, warn: () => undefined };

/** A transport with a channel of amqplib's own, on a connection that leads nowhere. */
async function connected() {
  const connection = { sendMessage: () => true, releaseChannel: () => undefined };
  const declared = () => Promise.resolve();
  const channel = Object.assign(new ConfirmChannel(connection), { assertExchange: declared, assertQueue: declared, bindQueue: declared });
  const createChannel = ({ setup }: { setup: (channel: AmqplibChannel) => Promise<void> }) => {
    void setup(channel);
    return { on: () => undefined };
  };
  jest.spyOn(amqp, "connect").mockReturnValue({ on: () => undefined, createChannel } as never);
  const transport = new AmqpTransport("amqp://127.0.0.1", amqpTopology("test", [1000]), 3, silent);
  await turns();
  return { transport, channel, connection };
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

const away = { error: new Error("RabbitMQ went away") };

afterEach(() => {
  jest.restoreAllMocks();
});

test("whoever waits for confirmations is told at once that the channel has closed, also when some came out of turn", async () => {
  const { transport, channel } = await connected();
  const sent = outcomeOf(transport.send([event(), event(), event()]));
  await turns();
  channel.emit("ack", { deliveryTag: 2, multiple: false });
  channel.toClosed("");
  await turns();
  expect(sent()).toEqual(away);
});

test("events are not to blame when the connection is being closed, and nothing is left over that would end the process", async () => {
  const { transport, channel, connection } = await connected();
  // As amqplib leaves it until RabbitMQ has confirmed that.
  connection.sendMessage = () => {
    throw new IllegalOperationError("Connection closing");
  };
  const sent = outcomeOf(transport.send([event(), event()]));
  await turns();
  channel.toClosed("");
  await turns();
  expect(sent()).toEqual(away);
});
