import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { AmqpConnectionManager } from "amqp-connection-manager";
import type { Channel, GetMessage } from "amqplib";
import type { Database } from "../database/database.ts";
import { withTimeout } from "../support/with-timeout.ts";
import type { OutgoingMessage } from "./amqp-message.ts";
import { copyMessage, toDeadLetter, deadLetterIdOf, toMessage } from "./amqp-message.ts";
import type { Log } from "./amqp-publisher.ts";
import {
  AmqpPublisher,
  closeTimeoutMs,
  connectTimeoutMs,
  connectTo,
  UnroutableMessageError,
} from "./amqp-publisher.ts";
import type { AmqpTopology } from "./amqp-topology.ts";
import { bindRoute, declareTopology } from "./amqp-topology.ts";
import { AmqpSubscriber } from "./amqp-subscriber.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { EventEnvelope } from "./envelope.ts";
import { LostRouteError } from "./lost-route-error.ts";
import { countWaiting } from "./outbox-table.ts";
import type { EventTransport, OutboxPublisher, QueueDepth, Subscription } from "./transport-interface.ts";

/**
 * Delivery through RabbitMQ, at least once. A publisher may drop an event after RabbitMQ's confirm that every
 * consumer's queue has stored it; a consumer acknowledges after its effect is committed.
 */
export class AmqpTransport implements EventTransport {
  /**
   * For consuming only: RabbitMQ delivers on it even while it blocks publishing connections (memory or disk
   * alarm).
   */
  readonly #connection: AmqpConnectionManager;
  readonly #publisher: AmqpPublisher;
  readonly #topology: AmqpTopology;
  readonly #log: Log;
  readonly #subscribers = new Map<string, AmqpSubscriber>();
  readonly #outboxes: Database[] = [];
  readonly #attempts: number;
  /** @param attempts failed attempts of a consumer before an event becomes a dead letter */
  constructor(url: string, topology: AmqpTopology, attempts: number, log: Log) {
    this.#topology = topology;
    this.#attempts = attempts;
    this.#log = log;
    this.#connection = connectTo(url);
    this.#publisher = new AmqpPublisher(url, topology, log);
  }

  addOutbox(service: string, database: Database): OutboxPublisher {
    this.#outboxes.push(database);
    return {
      send: (events) => this.#send(service, events),
      rebind: (consumer) =>
        this.#withOwnChannel(async (channel) => {
          await declareTopology(channel, this.#topology);
          await bindRoute(channel, this.#topology, service, consumer);
        }),
    };
  }

  async backlog(): Promise<number> {
    const unsent = await Promise.all(this.#outboxes.map(countWaiting));
    const received = await Promise.all([...this.#subscribers.values()].map((each) => each.backlog()));
    return [...unsent, ...received].reduce((sum, count) => sum + count, 0);
  }

  /** The ids in a queue are unknown; the inbox detects an expired event by its age. */
  mayBeRedelivered(): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set());
  }

  async depths(): Promise<QueueDepth[]> {
    const { consumers, queueOf, deadQueueOf, retryQueueOf, backoffMs } = this.#topology;
    // On a separate channel: RabbitMQ closes it when a queue does not exist.
    return this.#withOwnChannel(async (channel) => {
      const count = async (queue: string) => (await channel.checkQueue(queue)).messageCount;
      return Promise.all(
        consumers.map(async ({ service }) => {
          const { messageCount: queued, consumerCount } = await channel.checkQueue(queueOf(service));
          const retryQueues = new Set(backoffMs.map((_pause, index) => retryQueueOf(service, index + 1)));
          const retrying = await Promise.all([...retryQueues].map(count));
          return {
            consumer: service,
            queued,
            consumerCount,
            retrying: retrying.reduce((sum, one) => sum + one, 0),
            dead: await count(deadQueueOf(service)),
          };
        }),
      );
    });
  }

  async #send(publisher: string, events: readonly EventEnvelope[]): Promise<(Error | undefined)[]> {
    const channel = this.#publisher.openChannel();
    const { consumers, exchange, routingKeyOf } = this.#topology;
    const faults = new Map<EventEnvelope, Error>();
    const lost = new Set<(typeof consumers)[number]>();
    const copy = async (
      event: EventEnvelope,
      message: OutgoingMessage,
      consumer: (typeof consumers)[number],
    ) => {
      try {
        await this.#publisher.publish(exchange, routingKeyOf(publisher, consumer.service), message);
      } catch (error) {
        faults.set(event, asError(error));
        if (error instanceof UnroutableMessageError) lost.add(consumer);
      }
    };
    await Promise.all(
      events.flatMap((event) => {
        const message = toMessage(event);
        return consumers
          .filter(({ events: wanted }) => wanted.includes(event.name))
          .map((consumer) => copy(event, message, consumer));
      }),
    );
    // Then the events are not to blame; consumers ignore those that were stored anyway and arrive again.
    if (faults.size > 0) this.#publisher.demandSameChannel(channel);
    if (lost.size > 0) throw new LostRouteError([...lost]);
    return events.map((event) => faults.get(event));
  }

  async subscribe(subscription: Subscription): Promise<void> {
    const subscriber = new AmqpSubscriber(this.#connection, {
      topology: this.#topology,
      subscription,
      log: this.#log,
      attempts: this.#attempts,
      forward: (queue, message) => this.#store(queue, message),
    });
    this.#subscribers.set(subscription.service, subscriber);
    await Promise.race([subscriber.ready(), sleep(connectTimeoutMs, undefined, { ref: false })]);
  }

  async unsubscribe(service: string): Promise<void> {
    await this.#subscribers.get(service)?.close();
    this.#subscribers.delete(service);
  }

  async deadLetters(limit: number): Promise<DeadLetter[]> {
    return this.#withOwnChannel(async (channel) => {
      const deadLetters: DeadLetter[] = [];
      for (const { service } of this.#topology.consumers) {
        // RabbitMQ requeues them when the channel closes.
        for (const message of await fetch(channel, this.#topology.deadQueueOf(service), limit))
          deadLetters.push(toDeadLetter(message, service));
      }
      return deadLetters.sort((one, other) => one.event.occurredAt - other.event.occurredAt).slice(0, limit);
    });
  }

  replayDeadLetters(id?: string): Promise<number> {
    return this.#drainDeadLetters(id, (message, service) =>
      this.#store(this.#topology.queueOf(service), copyMessage(message, {})),
    );
  }

  removeDeadLetters(id: string): Promise<number> {
    return this.#drainDeadLetters(id, () => Promise.resolve());
  }

  /** Removes each dead letter once `work` has resolved. @returns their number */
  #drainDeadLetters(
    id: string | undefined,
    work: (message: GetMessage, service: string) => Promise<void>,
  ): Promise<number> {
    return this.#withOwnChannel(async (channel) => {
      let count = 0;
      for (const { service } of this.#topology.consumers) {
        for (const message of await fetch(
          channel,
          this.#topology.deadQueueOf(service),
          Number.POSITIVE_INFINITY,
        )) {
          if (id !== undefined && deadLetterIdOf(message) !== id) continue;
          await work(message, service);
          channel.ack(message);
          count += 1;
        }
      }
      return count;
    });
  }

  async close(): Promise<void> {
    for (const service of this.#subscribers.keys()) await this.unsubscribe(service);
    await this.#publisher.closeChannel();
    await Promise.allSettled([
      this.#publisher.closeConnection(),
      withTimeout(closeTimeoutMs, this.#connection.close()),
    ]);
  }

  /** Resolves when RabbitMQ has stored the message in the queue; declares a missing queue again. */
  async #store(queue: string, message: OutgoingMessage): Promise<void> {
    try {
      await this.#publisher.publish("", queue, message);
    } catch (error) {
      if (!(error instanceof UnroutableMessageError)) throw error;
      await this.#withOwnChannel((channel) => declareTopology(channel, this.#topology));
      await this.#publisher.publish("", queue, message);
    }
  }

  async #withOwnChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    // The first call may come before the first connection.
    const connected = this.#connection.isConnected() || once(this.#connection, "connect");
    await Promise.race([
      Promise.all([connected, this.#publisher.ready()]),
      sleep(connectTimeoutMs, undefined, { ref: false }),
    ]);
    const { connection } = this.#connection;
    if (!connection) throw new Error("RabbitMQ is disconnected");
    const channel = await connection.createChannel();
    // Checking a missing queue rejects and also closes the channel; without a listener the error would end
    // the process.
    channel.on("error", () => undefined);
    const closed = new Promise<void>((resolve) => void channel.once("close", resolve));
    const close = async () => channel.close();
    try {
      return await work(channel);
    } finally {
      // amqplib never settles a channel close when its connection ends meanwhile.
      await Promise.race([close().catch(() => undefined), closed]);
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
