import amqp from "amqp-connection-manager";
import type { AmqpConnectionManager, ChannelWrapper } from "amqp-connection-manager";
import type { ConfirmChannel, Options } from "amqplib";
import { isConnectionClosing } from "../amqp/is-connection-closing.ts";
import { selfHealingChannel, dropConnection } from "../amqp/self-healing-channel.ts";
import { withTimeout } from "../support/with-timeout.ts";
import type { OutgoingMessage } from "./amqp-message.ts";
import type { AmqpTopology } from "./amqp-topology.ts";
import { declareTopology } from "./amqp-topology.ts";

const confirmTimeoutMs = 10_000;
export const connectTimeoutMs = 5000;
/** A blocked RabbitMQ does not answer a close either. */
export const closeTimeoutMs = 1000;
const heartbeatSeconds = 5;
const reconnectSeconds = 1;

export interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

/** RabbitMQ returned a message because no queue is bound to its routing key. */
export class UnroutableMessageError extends Error {
  constructor(routingKey: string) {
    super(`no queue is bound to ${routingKey}`);
  }
}

/** A connection of its own that is made again whenever it is lost. */
export function connectTo(url: string): AmqpConnectionManager {
  return amqp.connect([url], {
    heartbeatIntervalInSeconds: heartbeatSeconds,
    reconnectTimeInSeconds: reconnectSeconds,
    connectionOptions: { noDelay: true, timeout: connectTimeoutMs },
  });
}

/** Publishes persistent messages and awaits RabbitMQ's confirms. */
export class AmqpPublisher {
  readonly #connection: AmqpConnectionManager;
  readonly #publishing: ChannelWrapper;
  /** Correlation ids of returned messages; their confirms follow. */
  readonly #returned = new Set<string>();
  /**
   * Rejects the publishes that await a confirm. amqplib loses some of these callbacks when confirms arrive
   * out of order.
   */
  readonly #unconfirmed = new Set<(error: Error) => void>();
  #published = 0;
  /** Reason while RabbitMQ blocks publishing. */
  #blocked: string | undefined;
  /** The confirm channel; undefined while disconnected. */
  #channel: ConfirmChannel | undefined;

  constructor(url: string, topology: AmqpTopology, log: Log) {
    this.#connection = connectTo(url);
    this.#connection.on("disconnect", ({ err }) => {
      this.#blocked = undefined;
      log.warn(`rabbitmq disconnected: ${err?.message ?? "connection closed"}`);
    });
    this.#connection.on("connect", () => log.info("rabbitmq connected: durable events"));
    this.#connection.on("blocked", ({ reason }) => {
      this.#blocked = reason;
      this.#rejectUnconfirmed(this.#blockedError);
    });
    this.#connection.on("unblocked", () => (this.#blocked = undefined));
    this.#publishing = selfHealingChannel(this.#connection, "publishing events", log, async (channel) => {
      channel.on("close", () => {
        if (this.#channel === channel) this.#channel = undefined;
        this.#rejectUnconfirmed(new Error("the channel has closed"));
      });
      channel.on("return", ({ properties }: { properties: { correlationId?: string } }) =>
        this.#returned.add(properties.correlationId ?? ""),
      );
      await declareTopology(channel, topology);
      this.#channel = channel;
    });
  }

  /** Resolves at the first connection. */
  ready(): Promise<void> {
    return this.#publishing.waitForConnect();
  }

  /** @throws Error while disconnected */
  connectedChannel(): ConfirmChannel {
    if (!this.#channel) throw new Error("RabbitMQ is disconnected");
    return this.#channel;
  }

  /** @throws Error when the channel was lost meanwhile, or RabbitMQ blocks publishing */
  demandSameChannel(channel: ConfirmChannel): void {
    if (this.#channel !== channel) throw new Error("RabbitMQ disconnected");
    if (this.#blocked !== undefined) throw this.#blockedError;
  }

  async closeChannel(): Promise<void> {
    await withTimeout(closeTimeoutMs, this.#publishing.close()).catch(() => undefined);
  }

  async closeConnection(): Promise<void> {
    await withTimeout(closeTimeoutMs, this.#connection.close());
  }

  /** Resolves when RabbitMQ has stored the message in every queue it is routed to, at least one. */
  async publish(exchange: string, routingKey: string, message: OutgoingMessage): Promise<void> {
    const channel = this.openChannel();
    const number = String((this.#published += 1));
    const options: Options.Publish = {
      persistent: true,
      mandatory: true,
      messageId: message.id,
      correlationId: number,
      contentType: "application/json",
      headers: message.headers,
    };
    const { promise: stored, resolve, reject } = Promise.withResolvers<void>();
    // RabbitMQ hangs: drop the connection with its unsent messages.
    const timer = setTimeout(() => {
      reject(new Error(`RabbitMQ did not confirm within ${confirmTimeoutMs} ms`));
      if (this.#channel === channel) this.#abandonChannel();
    }, confirmTimeoutMs);
    this.#unconfirmed.add(reject);
    try {
      const confirmed = (error: Error | null) => (error ? reject(error) : resolve());
      try {
        channel.publish(exchange, routingKey, message.content, options, confirmed);
      } catch (error) {
        // On a closing connection amqplib throws at once and emits `close` later.
        if (isConnectionClosing(error) && this.#channel === channel) this.#channel = undefined;
        reject(error);
      }
      await stored;
      if (this.#returned.has(number)) throw new UnroutableMessageError(routingKey);
    } finally {
      clearTimeout(timer);
      this.#unconfirmed.delete(reject);
      this.#returned.delete(number);
    }
  }

  #abandonChannel(): void {
    this.#channel = undefined;
    dropConnection(this.#connection);
  }

  /** @throws Error while disconnected or blocked */
  openChannel(): ConfirmChannel {
    if (this.#blocked !== undefined) throw this.#blockedError;
    return this.connectedChannel();
  }

  get #blockedError(): Error {
    return new Error(`RabbitMQ blocks publishing: ${this.#blocked}`);
  }

  /** Rejects all publishes that await a confirm. */
  #rejectUnconfirmed(error: Error): void {
    for (const reject of this.#unconfirmed) reject(error);
  }
}
