import { setTimeout as sleep } from "node:timers/promises";
import amqp from "amqp-connection-manager";
import type { AmqpConnectionManager, ChannelWrapper } from "amqp-connection-manager";
import type { Channel, ConfirmChannel, ConsumeMessage, GetMessage, Options } from "amqplib";
import type { Database } from "../database/database.ts";
import type { AmqpTopology } from "./amqp-topology.ts";
import { declareTopology } from "./amqp-topology.ts";
import { AmqpSubscriber } from "./amqp-subscriber.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { EventEnvelope } from "./envelope.ts";
import { countWaiting } from "./outbox-table.ts";
import type { EventTransport, Subscription } from "./transport.ts";

const confirmWithinMs = 5000;
const heartbeatSeconds = 5;
const reconnectSeconds = 1;

interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
  error(...args: unknown[]): void;
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
  readonly #returned = new Set<string>();
  /** The channel on which confirms arrive; undefined while there is no connection. */
  #channel: ConfirmChannel | undefined;

  constructor(url: string, topology: AmqpTopology, log: Log) {
    this.#topology = topology;
    this.#log = log;
    this.#connection = amqp.connect([url], {
      heartbeatIntervalInSeconds: heartbeatSeconds,
      reconnectTimeInSeconds: reconnectSeconds,
      connectionOptions: { noDelay: true, timeout: confirmWithinMs },
    });
    this.#connection.on("disconnect", ({ err }) => this.#log.warn(`RabbitMQ is away: ${err.message}`));
    this.#connection.on("connect", () => this.#log.info("RabbitMQ carries durable events"));
    this.#publishing = this.#connection.createChannel({
      confirm: true,
      setup: async (channel: ConfirmChannel) => {
        await declareTopology(channel, topology);
        channel.on("close", () => {
          if (this.#channel === channel) this.#channel = undefined;
        });
        channel.on("return", (message: { properties: { messageId?: string } }) =>
          this.#returned.add(message.properties.messageId ?? ""),
        );
        this.#channel = channel;
      },
    });
    this.#publishing.on("error", (error) => this.#log.error("the channel for durable events failed", error));
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

  async send(events: readonly EventEnvelope[]): Promise<(Error | undefined)[]> {
    if (!this.#channel) throw new Error("RabbitMQ is away");
    const { exchange } = this.#topology;
    return Promise.all(
      events.map(async (event) => {
        const fault = await this.#publish(exchange, event.name, event).then(() => undefined, asError);
        return this.#returned.delete(event.id) ? new Error(`no queue takes ${event.name}`) : fault;
      }),
    );
  }

  async subscribe(subscription: Subscription): Promise<void> {
    const subscriber = new AmqpSubscriber(this.#connection, this.#topology, subscription, this.#log, (queue, event, headers) =>
      this.#publish("", queue, event, headers),
    );
    this.#subscribers.set(subscription.service, subscriber);
    await Promise.race([subscriber.ready(), sleep(confirmWithinMs, undefined, { ref: false })]);
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
          letters.push(readDeadLetter(service, message));
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
          await this.#publish("", this.#topology.queueOf(service), readEnvelope(message));
          channel.ack(message);
          revived += 1;
        }
      }
      return revived;
    });
  }

  async close(): Promise<void> {
    for (const service of this.#subscribers.keys()) await this.unsubscribe(service);
    await this.#publishing.close();
    await this.#connection.close();
  }

  /** Resolves when RabbitMQ has stored the event in every queue that it is routed to. */
  async #publish(
    exchange: string,
    routingKey: string,
    event: EventEnvelope,
    headers: Record<string, unknown> = {},
  ): Promise<void> {
    const channel = this.#channel;
    if (!channel) throw new Error("RabbitMQ is away");
    const options: Options.Publish = {
      persistent: true,
      mandatory: true,
      messageId: event.id,
      contentType: "application/json",
      headers,
    };
    const stored = new Promise<void>((resolve, reject) => {
      channel.publish(exchange, routingKey, Buffer.from(JSON.stringify(event)), options, (error: Error | null) =>
        error ? reject(error) : resolve(),
      );
    });
    const expired = new AbortController();
    try {
      const timeout = sleep(confirmWithinMs, undefined, { signal: expired.signal, ref: false }).then(() => {
        throw new Error(`RabbitMQ did not confirm within ${confirmWithinMs} ms`);
      });
      await Promise.race([stored, timeout]);
    } finally {
      expired.abort();
      stored.catch(() => undefined);
    }
  }

  async #onOwnChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    // The first question may come before the first connection.
    await Promise.race([this.#publishing.waitForConnect(), sleep(confirmWithinMs, undefined, { ref: false })]);
    const { connection } = this.#connection;
    if (!connection) throw new Error("RabbitMQ is away");
    const channel = await connection.createChannel();
    try {
      return await work(channel);
    } finally {
      await channel.close();
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

function readDeadLetter(consumer: string, message: GetMessage): DeadLetter {
  const { headers = {} } = message.properties;
  return {
    event: readEnvelope(message),
    consumer,
    attempts: Number(headers["x-attempts"] ?? 0),
    error: String(headers["x-error"] ?? ""),
  };
}

function readEnvelope(message: ConsumeMessage | GetMessage): EventEnvelope {
  return JSON.parse(message.content.toString("utf8")) as EventEnvelope;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
