import moleculer from "moleculer";

interface Channel {
  ack(message: object): void;
  nack(message: object, allUpTo: boolean, requeue: boolean): void;
  once(event: "close", listener: () => void): void;
}

interface Connection {
  close(): Promise<void>;
}

/** What this class uses of the framework's transporter. */
interface Internals {
  channel: Channel | null;
  connection: Connection | null;
  channelDisconnecting: boolean;
  logger: { error(...args: unknown[]): void };
  receive(command: string, content: Buffer): Promise<unknown> | undefined;
}

/** The framework's type of its options lacks those of the socket. */
export type AmqpOptions = Exclude<ConstructorParameters<typeof moleculer.Transporters.AMQP>[0], string | undefined> & {
  socketOptions?: { noDelay?: boolean; timeout?: number };
};

/**
 * The framework's AMQP transporter without a fault of it: after RabbitMQ restarts, it acknowledges old messages on the
 * new channel. RabbitMQ answers that with closing the channel, the connection stays, and the node hears nothing any
 * more. Here a message is acknowledged on the channel that brought it, and a channel that closes unasked takes the
 * connection with it, so that the framework connects anew.
 */
export class ShopAmqpTransporter extends moleculer.Transporters.AMQP {
  get #internals(): Internals {
    return this as unknown as Internals;
  }

  override _consumeCB(command: string, needAck = false): (message: { content: Buffer } | null) => void | Promise<void> {
    const born = this.#internals.channel;
    const settle = (message: object, done: boolean) => {
      if (!needAck || !born || this.#internals.channel !== born) return;
      if (done) born.ack(message);
      else born.nack(message, false, true);
    };
    return (message) => {
      // RabbitMQ cancelled the consumer: its queue is gone.
      if (message === null) return this.#reconnect();
      const work = this.#internals.receive(command, message.content);
      if (!needAck) return;
      return Promise.resolve(work).then(
        () => settle(message, true),
        (error: unknown) => {
          this.#internals.logger.error("a message could not be handled", error);
          settle(message, false);
        },
      );
    };
  }

  // oxlint-disable-next-line typescript/no-unsafe-function-type -- as the framework declares it
  override async connect(onError?: Function): Promise<void> {
    // oxlint-disable-next-line typescript/unbound-method -- bound by `apply`
    await (Reflect.apply(super.connect, this, [onError]) as Promise<void>);
    const { channel, connection } = this.#internals;
    channel?.once("close", () => {
      if (!this.#internals.channelDisconnecting && this.#internals.connection === connection) this.#reconnect();
    });
  }

  #reconnect(): void {
    this.#internals.connection?.close().catch(() => undefined);
  }
}
