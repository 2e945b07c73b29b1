import type { AmqpConnectionManager, ChannelWrapper } from "amqp-connection-manager";
import type { ConfirmChannel, ConsumeMessage } from "amqplib";
import { setTimeout as sleep } from "node:timers/promises";
import { selfHealingChannel, dropConnection } from "../amqp/self-healing-channel.ts";
import type { OutgoingMessage } from "./amqp-message.ts";
import { attemptsOf, copyMessage, parseEvent } from "./amqp-message.ts";
import type { AmqpTopology } from "./amqp-topology.ts";
import { declareTopology } from "./amqp-topology.ts";
import type { EventEnvelope } from "./envelope.ts";
import { ExpiredEventError } from "./expired-event-error.ts";
import type { Subscription } from "./transport-interface.ts";

const prefetch = 200;
/** Retry interval while the service can neither consume nor forward events. */
const retryPauseMs = 1000;

interface Log {
  warn(...args: unknown[]): void;
}

interface Delivery {
  readonly message: ConsumeMessage;
  /** The delivering channel; acknowledging on another one would close that channel. */
  readonly channel: ConfirmChannel;
  readonly event: EventEnvelope | undefined;
}

export interface SubscriberOptions {
  readonly topology: AmqpTopology;
  readonly subscription: Subscription;
  readonly log: Log;
  /** Failed attempts before an event becomes a dead letter. */
  readonly attempts: number;
  /** Resolves when RabbitMQ has stored the message in the queue. */
  readonly forward: (queue: string, message: OutgoingMessage) => Promise<void>;
}

/**
 * One service's consumer on this node. Batches: consumes together all events that arrived during the previous
 * commit. A failed event moves to a retry queue or, after its last attempt, to the dead letters, so that it
 * blocks no others. While the database is unavailable, events wait here without an attempt being counted.
 */
export class AmqpSubscriber {
  readonly #options: SubscriberOptions;
  readonly #wrapper: ChannelWrapper;
  #received: Delivery[] = [];
  #batchSize = 0;
  #draining: Promise<void> | undefined;
  #channel: ConfirmChannel | undefined;
  #consumerTag: string | undefined;
  #closing = false;

  constructor(connection: AmqpConnectionManager, options: SubscriberOptions) {
    this.#options = options;
    const { topology, subscription, log } = options;
    this.#wrapper = selfHealingChannel(
      connection,
      `${subscription.service}'s events`,
      log,
      async (channel) => {
        channel.on("close", () => {
          if (this.#channel === channel) this.#channel = undefined;
        });
        this.#channel = channel;
        await declareTopology(channel, topology);
        await channel.prefetch(prefetch);
        const consumer = await channel.consume(topology.queueOf(subscription.service), (message) => {
          if (message) this.#receive({ message, channel, event: parseEvent(message) });
          // RabbitMQ cancelled the consumer: the queue or its leader is gone.
          else if (!this.#closing) dropConnection(connection);
        });
        this.#consumerTag = consumer.consumerTag;
      },
    );
  }

  /**
   * Number of events in the queue, and of those that arrived and are not settled. Asks on the channel of the
   * deliveries, on which none can be on its way any more when the answer arrives.
   *
   * @throws Error without a connection
   */
  async backlog(): Promise<number> {
    if (!this.#channel) throw new Error("RabbitMQ is not connected");
    const { topology, subscription } = this.#options;
    const { messageCount } = await this.#channel.checkQueue(topology.queueOf(subscription.service));
    return messageCount + this.#received.length + this.#batchSize;
  }

  async ready(): Promise<void> {
    await this.#wrapper.waitForConnect();
  }

  /** Stops consuming and finishes the events that have arrived. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#consumerTag) await this.#channel?.cancel(this.#consumerTag).catch(() => undefined);
    await this.#draining;
    await this.#wrapper.close().catch(() => undefined);
  }

  #receive(delivery: Delivery): void {
    this.#received.push(delivery);
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
    });
  }

  async #drain(): Promise<void> {
    while (this.#received.length > 0) {
      let batch = this.#received;
      this.#received = [];
      while (batch.length > 0) {
        // RabbitMQ redelivers messages of a closed channel.
        batch = batch.filter(({ channel }) => channel === this.#channel);
        this.#batchSize = batch.length;
        batch = await this.#consume(batch);
        if (batch.length === 0) break;
        if (this.#closing) return;
        await sleep(retryPauseMs);
      }
      this.#batchSize = 0;
    }
  }

  /** @returns deliveries that could not be settled for reasons outside the events */
  async #consume(batch: readonly Delivery[]): Promise<Delivery[]> {
    const { subscription, log } = this.#options;
    let settled = 0;
    try {
      const faultOf = new Map(batch.map(({ event }) => [event, event && subscription.faultIn?.(event)]));
      const valid = [...faultOf].flatMap(([event, fault]) => (event && !fault ? event : []));
      const faults = await subscription.consume(valid);
      for (const [index, event] of valid.entries()) faultOf.set(event, faults[index]);
      for (const delivery of batch) {
        const fault = delivery.event
          ? faultOf.get(delivery.event)
          : new Error("the message contains no event");
        if (fault) await this.#retryOrDeadLetter(delivery, fault);
        settled += 1;
      }
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      log.warn(`${subscription.service} cannot consume, retrying ${batch.length - settled} events: ${text}`);
    }
    const last = batch[settled - 1];
    if (last) acknowledge(last);
    return batch.slice(settled);
  }

  async #retryOrDeadLetter({ message, event }: Delivery, fault: Error): Promise<void> {
    const { topology, subscription, log, attempts, forward } = this.#options;
    const { service } = subscription;
    const failed = attemptsOf(message) + 1;
    const dead = failed >= attempts || !event || fault instanceof ExpiredEventError;
    const queue = dead ? topology.deadQueueOf(service) : topology.retryQueueOf(service, failed);
    const copy = copyMessage(message, { "x-attempts": failed, "x-error": fault.message.slice(0, 500) });
    await forward(queue, copy);
    const outcome = dead ? "dead letter" : "retry later";
    const subject = event ? `${event.name} ${event.id}` : `message ${copy.id}`;
    log.warn(`${service} failed ${failed} times at ${subject} (${fault.message}): ${outcome}`);
  }
}

/**
 * Acknowledges a delivery and all earlier ones on its channel; they settle in order. On a closed channel this
 * fails, and RabbitMQ redelivers.
 */
function acknowledge({ message, channel }: Delivery): void {
  try {
    channel.ack(message, true);
  } catch {
    // The inbox makes redelivery harmless.
  }
}
