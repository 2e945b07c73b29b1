import { EventEmitter } from "node:events";
import { afterEach, expect, jest, test } from "@jest/globals";
import amqplib from "amqplib";
import moleculer from "moleculer";
import { AmqpTransporter } from "../../../mixins/transport/amqp-transporter.ts";

/** Missing in its types. */
const { IllegalOperationError } = amqplib as unknown as {
  IllegalOperationError: new (message: string) => Error;
};

/** As amqplib leaves a channel until RabbitMQ has confirmed that its connection is closed. */
function closingChannel() {
  const refuse = () => {
    throw new IllegalOperationError("Connection closing");
  };
  return { publish: refuse, sendToQueue: refuse };
}

/** A connection lost after its channel opened: everything on the channel fails. */
function lostConnection() {
  const asked: { readonly what: string; readonly listen: jest.Spied<Promise<never>["then"]> }[] = [];
  const ask = (what: string) => () => {
    const failure = Promise.reject(new IllegalOperationError("Connection closing"));
    failure.catch(() => undefined);
    asked.push({ what, listen: jest.spyOn(failure, "then") });
    return failure;
  };
  const channel = new Proxy(new EventEmitter(), {
    get: (emitter, name) =>
      name in emitter ? Reflect.get(emitter, name) : name === "then" ? undefined : ask(String(name)),
  });
  const connection = Object.assign(new EventEmitter(), {
    createChannel: () => Promise.resolve(channel),
    close: () => Promise.resolve(),
  });
  return {
    connection,
    unheard: () => asked.filter(({ listen }) => listen.mock.calls.length === 0).map(({ what }) => what),
  };
}

afterEach(() => {
  jest.restoreAllMocks();
});

test.each([0, 1])(
  "when its connection is lost while it connects (%i connections before), connecting fails, and nothing ends the process",
  async (before) => {
    const { connection, unheard } = lostConnection();
    jest.spyOn(amqplib, "connect").mockResolvedValue(connection as never);
    const transporter = new AmqpTransporter({ url: "amqp://127.0.0.1" });
    const broker = new moleculer.ServiceBroker({ logger: false, transporter });
    Object.assign(transporter, { connectionCount: before });
    await expect(transporter.connect()).rejects.toBeInstanceOf(Error);
    expect(unheard()).toEqual([]);
    expect(transporter.connected).toBe(false);
    // Failed subscriptions do not block publishing.
    expect((broker as unknown as { transit: { subscribing: unknown } }).transit.subscribing).toBeNull();
  },
);

test.each(["REQ", "EVENT", "HEARTBEAT"])(
  "a %s published on a closing connection is rejected to its sender",
  async (type) => {
    const transporter = new AmqpTransporter({ url: "amqp://127.0.0.1" });
    const broker = new moleculer.ServiceBroker({ logger: false, transporter });
    Object.assign(transporter, { connected: true, channel: closingChannel() });
    const target = type === "HEARTBEAT" ? null : "node-2";
    const { transit } = broker as unknown as { transit: { publish(packet: object): Promise<void> } };
    // A synchronous throw would be uncaught, for example in a timer.
    const sent = transit.publish({ type, target, payload: { id: "1" } });
    await expect(sent).rejects.toMatchObject({ type: "BAD_GATEWAY", retryable: true });
  },
);
