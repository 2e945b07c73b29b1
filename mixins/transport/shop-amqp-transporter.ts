import moleculer from "moleculer";
import { isBeingClosed } from "../is-being-closed.ts";
import { RequestReturned } from "./request-returned.ts";

interface Message {
  readonly content: Buffer;
}

interface ReturnedMessage extends Message {
  readonly properties: { readonly messageId?: string };
}

interface Channel {
  once(event: "close", listener: () => void): void;
  on(event: "return", listener: (message: ReturnedMessage) => void): void;
  removeAllListeners(event: "return"): void;
  sendToQueue(queue: string, content: Buffer, options: object): boolean;
}

interface Connection {
  close(): Promise<void>;
}

/** A request that waits for its answer, as the framework keeps it. */
interface PendingRequest {
  readonly nodeID: string;
  readonly action: { readonly name: string };
  readonly reject: (error: Error) => void;
}

interface Packet {
  readonly type: string;
  readonly target: string | null;
  readonly payload: { readonly id?: string };
}

interface SendOptions {
  readonly balanced: boolean;
  readonly packet: Packet;
}

/** What this class uses of the framework's transporter. */
interface Internals {
  channel: Channel | null;
  connection: Connection | null;
  channelDisconnecting: boolean;
  readonly opts: { readonly messageOptions: object };
  readonly broker: moleculer.ServiceBroker;
  readonly transit: { readonly pendingRequests: Map<string, PendingRequest> };
  readonly logger: { error(...args: unknown[]): void };
  receive(command: string, content: Buffer): Promise<unknown> | undefined;
}

/** The framework's type of its options lacks those of the socket. */
export type AmqpOptions = Exclude<ConstructorParameters<typeof moleculer.Transporters.AMQP>[0], string | undefined> & {
  socketOptions?: { noDelay?: boolean; timeout?: number };
};

/**
 * The framework's AMQP transporter without four faults of it.
 *
 * When RabbitMQ closes the channel, the connection stays, and the node hears nothing any more. Here a channel that
 * closes unasked takes the connection with it, so that the framework connects anew.
 *
 * And the queue of a node's requests outlives the node: whoever asks it waits for an answer that cannot come, and a
 * successor with the same name is given what its predecessor had begun. Here the queue goes with the node's connection.
 * RabbitMQ sends back what is addressed to it, which tells the caller at once that the node is gone.
 *
 * And requests are acknowledged when they are done: one that was done when the connection was lost is done again over
 * the next one, and old messages are acknowledged on new channels, which closes these. Here RabbitMQ forgets a request
 * as it gives it out: it is done once at most, and whoever waits for its answer asks again if that does no harm.
 *
 * And what is sent while the connection is being closed makes amqplib throw at once, which nobody expects of it: a timer
 * that tells others of something would end the process. Here that is as if there were no connection any more.
 */
export class ShopAmqpTransporter extends moleculer.Transporters.AMQP {
  get #internals(): Internals {
    return this as unknown as Internals;
  }

  override _getQueueOptions(packetType: string, balancedQueue?: boolean): object {
    if (packetType === "REQ" && !balancedQueue) return { autoDelete: true };
    // oxlint-disable-next-line no-underscore-dangle -- the framework's name
    return super._getQueueOptions(packetType, balancedQueue);
  }

  override _consumeCB(command: string): (message: Message | null) => void {
    return (message) => {
      // RabbitMQ cancelled the consumer: its queue is gone.
      if (message === null) return this.#reconnect();
      const handled = this.#internals.receive(command, message.content);
      handled?.catch((error: unknown) => this.#internals.logger.error("a message could not be handled", error));
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
    // The framework's own listener writes the whole message to the log.
    channel?.removeAllListeners("return");
    channel?.on("return", ({ properties }) => this.#returned(properties.messageId ?? ""));
  }

  override send(topic: string, data: Buffer, options: SendOptions): Promise<void> {
    try {
      return this.#send(topic, data, options);
    } catch (error) {
      if (!isBeingClosed(error)) throw error;
      return Promise.reject(new moleculer.Errors.BrokerDisconnectedError("The connection is being closed"));
    }
  }

  #send(topic: string, data: Buffer, options: SendOptions): Promise<void> {
    const { packet, balanced } = options;
    if (packet.type !== "REQ" || packet.target === null || balanced) return super.send(topic, data, options);
    const { channel, opts } = this.#internals;
    channel?.sendToQueue(topic, data, { ...opts.messageOptions, mandatory: true, messageId: packet.payload.id });
    return Promise.resolve();
  }

  #returned(requestId: string): void {
    const { transit, broker } = this.#internals;
    const request = transit.pendingRequests.get(requestId);
    if (!request) return;
    const { nodeID, action, reject } = request;
    transit.pendingRequests.delete(requestId);
    // Also for the others that wait for this node; a heartbeat brings it back, should it have lost its connection only.
    broker.registry?.discoverer.remoteNodeDisconnected(nodeID, true);
    reject(new RequestReturned(action.name, nodeID));
  }

  #reconnect(): void {
    this.#internals.connection?.close().catch(() => undefined);
  }
}
