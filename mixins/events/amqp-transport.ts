import { setTimeout as sleep } from "node:timers/promises";
import amqp from "amqp-connection-manager";
import type { AmqpConnectionManager, ChannelWrapper } from "amqp-connection-manager";
import type { Channel, ConfirmChannel, GetMessage, Options } from "amqplib";
import { isProtectedBy } from "../../config/protections.ts";
import type { Database } from "../database/database.ts";
import { isBeingClosed } from "../is-being-closed.ts";
import { lastingChannel, renew } from "./amqp-channel.ts";
import type { OutgoingMessage } from "./amqp-message.ts";
import { copyOf, deadLetterIn, messageOf } from "./amqp-message.ts";
import type { AmqpTopology } from "./amqp-topology.ts";
import { declareTopology } from "./amqp-topology.ts";
import { AmqpSubscriber } from "./amqp-subscriber.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { EventEnvelope } from "./envelope.ts";
import { countWaiting } from "./outbox-table.ts";
import type { EventTransport, QueueDepth, Subscription } from "./transport.ts";

const confirmWithinMs = 10_000;
const connectWithinMs = 5000;
const heartbeatSeconds = 5;
const reconnectSeconds = 1;

interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

/**
 * Delivery through RabbitMQ. An event can be forgotten by its sender when RabbitMQ has confirmed that it is stored in
 * the queue of every consumer; it leaves a queue when its effect is committed.
 */
export class AmqpTransport implements EventTransport {
  readonly #connection: AmqpConnectionManager;
  readonly #publishing: ChannelWrapper;
  readonly #topology: AmqpTopology;
  readonly #log: Log;
  readonly #subscribers = new Map<string, AmqpSubscriber>();
  readonly #outboxes: Database[] = [];
  readonly #attempts: number;
  /** The numbers of messages that came back because no queue takes them; their confirmation follows. */
  readonly #returned = new Set<string>();
  /** Who waits for a confirmation. amqplib itself forgets to tell some that it will not come, when others came out of turn. */
  readonly #unconfirmed = new Set<(loss: Error) => void>();
  #published = 0;
  /** The channel on which confirms arrive; undefined while there is no connection. */
  #channel: ConfirmChannel | undefined;

  /** @param attempts after so many failed tries of a consumer an event is set aside */
  constructor(url: string, topology: AmqpTopology, attempts: number, log: Log) {
    this.#topology = topology;
    this.#attempts = attempts;
    this.#log = log;
    this.#connection = amqp.connect([url], {
      heartbeatIntervalInSeconds: heartbeatSeconds,
      reconnectTimeInSeconds: reconnectSeconds,
      connectionOptions: { noDelay: true, timeout: connectWithinMs },
    });
    this.#connection.on("disconnect", ({ err }) => this.#log.warn(`RabbitMQ is away: ${err?.message ?? "disconnected"}`));
    this.#connection.on("connect", () => this.#log.info("RabbitMQ carries durable events"));
    this.#publishing = lastingChannel(this.#connection, "publishing events", log, async (channel) => {
      channel.on("close", () => {
        if (this.#channel === channel) this.#channel = undefined;
        for (const lose of this.#unconfirmed) lose(new Error("the channel has closed"));
      });
      channel.on("return", ({ properties }: { properties: { correlationId?: string } }) =>
        this.#returned.add(properties.correlationId ?? ""),
      );
      await declareTopology(channel, topology);
      this.#channel = channel;
    });
  }

  addOutbox(database: Database): void {
    this.#outboxes.push(database);
  }

  async backlog(): Promise<number> {
    const unsent = await Promise.all(this.#outboxes.map(countWaiting));
    const channel = this.#channel;
    if (!channel) throw new Error("RabbitMQ is away");
    const queues = [...this.#subscribers.keys()].map((service) => channel.checkQueue(this.#topology.queueOf(service)));
    const queued = (await Promise.all(queues)).map(({ messageCount }) => messageCount);
    const underWay = [...this.#subscribers.values()].map((subscriber) => subscriber.underWay);
    return [...unsent, ...queued, ...underWay].reduce((sum, count) => sum + count, 0);
  }

  /** What a queue holds is not known by name. An event that comes again after it was forgotten is told by its age. */
  mayComeAgain(): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set());
  }

  async depths(): Promise<QueueDepth[]> {
    const { consumers, queueOf, deadQueueOf, waitingQueueOf, backoffMs } = this.#topology;
    // On a channel of its own: a queue that is not there closes it.
    return this.#onOwnChannel(async (channel) => {
      const count = async (queue: string) => (await channel.checkQueue(queue)).messageCount;
      return Promise.all(
        consumers.map(async ({ service }) => {
          const { messageCount: queued, consumerCount: takers } = await channel.checkQueue(queueOf(service));
          const waitingQueues = new Set(backoffMs.map((_pause, index) => waitingQueueOf(service, index + 1)));
          const retrying = await Promise.all([...waitingQueues].map(count));
          return { consumer: service, queued, takers, retrying: retrying.reduce((sum, one) => sum + one, 0), dead: await count(deadQueueOf(service)) };
        }),
      );
    });
  }

  async send(events: readonly EventEnvelope[]): Promise<(Error | undefined)[]> {
    const channel = this.#channel;
    if (!channel) throw new Error("RabbitMQ is away");
    const { exchange } = this.#topology;
    const faults = await Promise.all(
      events.map((event) => this.#publish(exchange, event.name, messageOf(event)).then(() => undefined, asError)),
    );
    // Then they are not to blame; those that it has stored all the same will be passed over when they come again.
    if (this.#channel !== channel && faults.some(Boolean)) throw new Error("RabbitMQ went away");
    return faults;
  }

  async subscribe(subscription: Subscription): Promise<void> {
    const subscriber = new AmqpSubscriber(this.#connection, {
      topology: this.#topology,
      subscription,
      log: this.#log,
      attempts: this.#attempts,
      forward: async (queue, message) => this.#publish("", queue, message),
    });
    this.#subscribers.set(subscription.service, subscriber);
    await Promise.race([subscriber.ready(), sleep(connectWithinMs, undefined, { ref: false })]);
  }

  async unsubscribe(service: string): Promise<void> {
    await this.#subscribers.get(service)?.close();
    this.#subscribers.delete(service);
  }

  async deadLetters(limit: number): Promise<DeadLetter[]> {
    return this.#onOwnChannel(async (channel) => {
      const letters: DeadLetter[] = [];
      for (const { service } of this.#topology.consumers) {
        // They are put back when the channel closes.
        for (const message of await fetch(channel, this.#topology.deadQueueOf(service), limit - letters.length))
          letters.push(deadLetterIn(message, service));
      }
      return letters;
    });
  }

  async replayDeadLetters(eventId?: string): Promise<number> {
    return this.#onOwnChannel(async (channel) => {
      let revived = 0;
      for (const { service } of this.#topology.consumers) {
        for (const message of await fetch(channel, this.#topology.deadQueueOf(service), Number.POSITIVE_INFINITY)) {
          if (eventId !== undefined && message.properties.messageId !== eventId) continue;
          await this.#publish("", this.#topology.queueOf(service), copyOf(message, {}));
          channel.ack(message);
          revived += 1;
        }
      }
      return revived;
    });
  }

  async close(): Promise<void> {
    for (const service of this.#subscribers.keys()) await this.unsubscribe(service);
    await this.#publishing.close().catch(() => undefined);
    await this.#connection.close().catch(() => undefined);
  }

  /** Resolves when RabbitMQ has stored the message in every queue that it is routed to, which is at least one. */
  async #publish(exchange: string, routingKey: string, message: OutgoingMessage): Promise<void> {
    const channel = this.#channel;
    if (!channel) throw new Error("RabbitMQ is away");
    const number = String((this.#published += 1));
    const options: Options.Publish = {
      persistent: true,
      mandatory: true,
      messageId: message.id,
      correlationId: number,
      contentType: "application/json",
      headers: message.headers,
    };
    if (!isProtectedBy("publisher-confirms")) {
      channel.publish(exchange, routingKey, message.content, { ...options, persistent: false, mandatory: false });
      return;
    }
    const { promise: stored, resolve, reject } = Promise.withResolvers<void>();
    // RabbitMQ has hung, or takes nothing for want of memory or disk. What waits to be sent to it goes with the connection.
    const patience = setTimeout(() => {
      reject(new Error(`RabbitMQ did not confirm within ${confirmWithinMs} ms`));
      if (this.#channel === channel) this.#giveUp();
    }, confirmWithinMs);
    this.#unconfirmed.add(reject);
    try {
      const confirmed = (error: Error | null) => (error ? reject(error) : resolve());
      try {
        channel.publish(exchange, routingKey, message.content, options, confirmed);
      } catch (error) {
        // While its connection is being closed, amqplib says so at once, and once more when that is done.
        if (isBeingClosed(error) && this.#channel === channel) this.#channel = undefined;
        reject(error);
      }
      await stored;
      if (this.#returned.has(number)) throw new Error(`no queue takes ${routingKey}`);
    } finally {
      clearTimeout(patience);
      this.#unconfirmed.delete(reject);
      this.#returned.delete(number);
    }
  }

  #giveUp(): void {
    this.#channel = undefined;
    renew(this.#connection);
  }

  async #onOwnChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    // The first question may come before the first connection.
    await Promise.race([this.#publishing.waitForConnect(), sleep(connectWithinMs, undefined, { ref: false })]);
    const { connection } = this.#connection;
    if (!connection) throw new Error("RabbitMQ is away");
    const channel = await connection.createChannel();
    // A question about a queue that is not there fails by itself, and ends the channel; without a listener, the process.
    channel.on("error", () => undefined);
    const close = async () => channel.close();
    try {
      return await work(channel);
    } finally {
      await close().catch(() => undefined);
    }
  }
}

async function fetch(channel: Channel, queue: string, limit: number): Promise<GetMessage[]> {
  const messages: GetMessage[] = [];
  while (messages.length < limit) {
    const message = await channel.get(queue);
    if (message === false) break;
    messages.push(message);
  }
  return messages;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
