import type { AmqpConnectionManager, ChannelWrapper } from "amqp-connection-manager";
import type { ConfirmChannel, ConsumeMessage } from "amqplib";
import { setTimeout as sleep } from "node:timers/promises";
import { lastingChannel, renew } from "./amqp-channel.ts";
import type { OutgoingMessage } from "./amqp-message.ts";
import { attemptsOf, copyOf, eventIn, idOf } from "./amqp-message.ts";
import type { AmqpTopology } from "./amqp-topology.ts";
import { declareTopology } from "./amqp-topology.ts";
import type { EventEnvelope } from "./envelope.ts";
import { TooOldEvent } from "./too-old-event.ts";
import type { Subscription } from "./transport.ts";

const prefetch = 200;
/** While the service can neither take events in nor send them on, it tries again this often. */
const troubleMs = 1000;

interface Log {
  warn(...args: unknown[]): void;
}

interface Delivery {
  readonly message: ConsumeMessage;
  /** The channel that brought it; on another one, an acknowledgement would close that channel. */
  readonly channel: ConfirmChannel;
  readonly event: EventEnvelope | undefined;
}

export interface SubscriberOptions {
  readonly topology: AmqpTopology;
  readonly subscription: Subscription;
  readonly log: Log;
  /** After so many failed tries an event is set aside. */
  readonly attempts: number;
  /** Resolves when the message is stored in the queue. */
  readonly forward: (queue: string, message: OutgoingMessage) => Promise<void>;
}

/**
 * One service's consumer on this node. It takes in what has arrived while the last batch was being committed, all at
 * once. An event that fails is sent on to wait and comes back later, or, after its last try, to the dead letters; the
 * queue moves on meanwhile. When it is no event's fault, because the database is away, they wait here.
 */
export class AmqpSubscriber {
  readonly #options: SubscriberOptions;
  readonly #wrapper: ChannelWrapper;
  #arrived: Delivery[] = [];
  #batchSize = 0;
  #working: Promise<void> | undefined;
  #channel: ConfirmChannel | undefined;
  #consumerTag: string | undefined;
  #closing = false;

  constructor(connection: AmqpConnectionManager, options: SubscriberOptions) {
    this.#options = options;
    const { topology, subscription, log } = options;
    this.#wrapper = lastingChannel(connection, `${subscription.service}'s events`, log, async (channel) => {
      channel.on("close", () => {
        if (this.#channel === channel) this.#channel = undefined;
      });
      this.#channel = channel;
      await declareTopology(channel, topology);
      await channel.prefetch(prefetch);
      const consumer = await channel.consume(topology.queueOf(subscription.service), (message) => {
        if (message) this.#arrive({ message, channel, event: eventIn(message) });
        // RabbitMQ ended the subscription: the queue is gone, or its leader.
        else if (!this.#closing) renew(connection);
      });
      this.#consumerTag = consumer.consumerTag;
    });
  }

  /** How many events have arrived here and are not settled. */
  get underWay(): number {
    return this.#arrived.length + this.#batchSize;
  }

  async ready(): Promise<void> {
    await this.#wrapper.waitForConnect();
  }

  /** Takes no more from the queue, finishes what has arrived. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#consumerTag) await this.#channel?.cancel(this.#consumerTag).catch(() => undefined);
    await this.#working;
    await this.#wrapper.close().catch(() => undefined);
  }

  #arrive(delivery: Delivery): void {
    this.#arrived.push(delivery);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    while (this.#arrived.length > 0) {
      let batch = this.#arrived;
      this.#arrived = [];
      while (batch.length > 0) {
        // What a channel brought that has closed since, RabbitMQ gives to someone else.
        batch = batch.filter(({ channel }) => channel === this.#channel);
        this.#batchSize = batch.length;
        batch = await this.#takeIn(batch);
        if (batch.length === 0) break;
        if (this.#closing) return;
        await sleep(troubleMs);
      }
      this.#batchSize = 0;
    }
  }

  /** @returns what could not be settled, through no fault of its own */
  async #takeIn(batch: readonly Delivery[]): Promise<Delivery[]> {
    const { subscription, log } = this.#options;
    let settled = 0;
    try {
      const events = batch.flatMap(({ event }) => event ?? []);
      const faults = await subscription.takeIn(events);
      const faultOf = new Map(events.map((event, index) => [event, faults[index]]));
      for (const delivery of batch) {
        const fault = delivery.event ? faultOf.get(delivery.event) : new Error("the message contains no event");
        if (fault) await this.#sendOn(delivery, fault);
        settled += 1;
      }
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      log.warn(`${subscription.service} keeps ${batch.length - settled} events until it can take them in (${text})`);
    }
    const last = batch[settled - 1];
    if (last) acknowledge(last);
    return batch.slice(settled);
  }

  async #sendOn({ message, event }: Delivery, fault: Error): Promise<void> {
    const { topology, subscription, log, attempts, forward } = this.#options;
    const { service } = subscription;
    const failed = attemptsOf(message) + 1;
    const dead = failed >= attempts || !event || fault instanceof TooOldEvent;
    const queue = dead ? topology.deadQueueOf(service) : topology.waitingQueueOf(service, failed);
    await forward(queue, copyOf(message, { "x-attempts": failed, "x-error": fault.message.slice(0, 500) }));
    const outcome = dead ? "set aside" : "tried again later";
    const what = event ? `${event.name} ${event.id}` : `message ${idOf(message)}`;
    log.warn(`${service} failed ${failed} times at ${what} (${fault.message}): ${outcome}`);
  }
}

/**
 * With all that came before it on its channel: they are settled in the order in which they came. On a channel that has
 * closed meanwhile nothing can be settled: RabbitMQ gives the messages to someone else.
 */
function acknowledge({ message, channel }: Delivery): void {
  try {
    channel.ack(message, true);
  } catch {
    // The inbox makes the second delivery harmless.
  }
}
