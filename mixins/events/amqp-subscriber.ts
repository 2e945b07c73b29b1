import type { AmqpConnectionManager, ChannelWrapper } from "amqp-connection-manager";
import type { Channel, ConfirmChannel, ConsumeMessage } from "amqplib";
import { setTimeout as sleep } from "node:timers/promises";
import type { AmqpTopology } from "./amqp-topology.ts";
import { declareTopology } from "./amqp-topology.ts";
import type { EventEnvelope } from "./envelope.ts";
import { maxAttempts } from "./relay.ts";
import type { Subscription } from "./transport.ts";

const prefetch = 200;
/** When events can neither be taken in nor sent on to wait, they go back to their queue no faster than this. */
const troubleMs = 1000;

interface Log {
  warn(...args: unknown[]): void;
  error(...args: unknown[]): void;
}

interface Delivery {
  readonly message: ConsumeMessage;
  /** The channel that brought it; on another one, an acknowledgement would close that channel. */
  readonly channel: Channel;
}

type Forward = (queue: string, event: EventEnvelope, headers: Record<string, unknown>) => Promise<void>;

/**
 * One service's consumer on this node. It takes in what has arrived while the last batch was being committed, all at
 * once. An event that fails is sent on to wait and comes back later, or, after its last try, to the dead letters; the
 * queue moves on meanwhile.
 */
export class AmqpSubscriber {
  readonly #topology: AmqpTopology;
  readonly #subscription: Subscription;
  readonly #log: Log;
  readonly #forward: Forward;
  readonly #wrapper: ChannelWrapper;
  #arrived: Delivery[] = [];
  #batchSize = 0;
  #working: Promise<void> | undefined;
  #channel: Channel | undefined;
  #consumerTag: string | undefined;

  constructor(
    connection: AmqpConnectionManager,
    topology: AmqpTopology,
    subscription: Subscription,
    log: Log,
    forward: Forward,
  ) {
    this.#topology = topology;
    this.#subscription = subscription;
    this.#log = log;
    this.#forward = forward;
    this.#wrapper = connection.createChannel({
      confirm: true,
      setup: async (channel: ConfirmChannel) => {
        await declareTopology(channel, topology);
        await channel.prefetch(prefetch);
        this.#channel = channel;
        const consumer = await channel.consume(topology.queueOf(subscription.service), (message) => {
          // A null message means that the queue is gone; the channel is set up anew with its connection.
          if (message) this.#arrive({ message, channel });
        });
        this.#consumerTag = consumer.consumerTag;
      },
    });
    this.#wrapper.on("error", (error) => log.error(`${subscription.service}'s consumer failed`, error));
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
      const batch = this.#arrived;
      this.#arrived = [];
      this.#batchSize = batch.length;
      try {
        await this.#takeIn(batch);
      } catch (error) {
        this.#log.error(`${this.#subscription.service} could not take in events, they come again`, error);
        await sleep(troubleMs, undefined, { ref: false });
        for (const { message, channel } of batch) settle(() => channel.nack(message, false, true));
      }
      this.#batchSize = 0;
    }
  }

  async #takeIn(batch: readonly Delivery[]): Promise<void> {
    const events = batch.map(({ message }) => JSON.parse(message.content.toString("utf8")) as EventEnvelope);
    const faults = await this.#subscription.takeIn(events);
    await Promise.all(
      batch.map(async ({ message, channel }, index) => {
        const event = events[index];
        const fault = faults[index];
        if (event && fault) await this.#sendOn(event, message, fault);
        settle(() => channel.ack(message));
      }),
    );
  }

  async #sendOn(event: EventEnvelope, message: ConsumeMessage, fault: Error): Promise<void> {
    const { service } = this.#subscription;
    const attempts = Number(message.properties.headers?.["x-attempts"] ?? 0) + 1;
    const dead = attempts >= maxAttempts;
    const queue = dead ? this.#topology.deadQueueOf(service) : this.#topology.waitingQueueOf(service, attempts);
    await this.#forward(queue, event, { "x-attempts": attempts, "x-error": fault.message.slice(0, 500) });
    const outcome = dead ? "set aside" : "tried again later";
    this.#log.warn(`${service} failed ${attempts} times at ${event.name} ${event.id} (${fault.message}): ${outcome}`);
  }
}

/** On a channel that has closed meanwhile nothing can be settled: RabbitMQ gives the message to someone else. */
function settle(acknowledge: () => void): void {
  try {
    acknowledge();
  } catch {
    // The inbox makes the second delivery harmless.
  }
}
