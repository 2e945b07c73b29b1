import amqplib from "amqplib";
import moleculer from "moleculer";
import { withTimeout } from "../support/with-timeout.ts";
import { isConnectionClosing } from "../amqp/is-connection-closing.ts";
import type { FallbackPacket, Log, RedisFallback } from "./redis-fallback.ts";
import { UndeliverableRequestError } from "./undeliverable-request-error.ts";

/** RabbitMQ closes at once or hangs. */
const closeTimeoutMs = 1000;
const warnIntervalMs = 60_000;

interface Message {
  readonly content: Buffer;
  readonly properties: { readonly messageId?: string; readonly appId?: string; readonly timestamp?: number };
}

type Connection = Awaited<ReturnType<typeof amqplib.connect>>;
type Channel = Awaited<ReturnType<Connection["createChannel"]>>;

/** A pending request in Moleculer's transit. */
interface PendingRequest {
  readonly nodeID: string;
  readonly action: { readonly name: string };
  readonly reject: (error: Error) => void;
}

interface Packet {
  readonly type: string;
  /** Absent for broadcasts. */
  readonly target?: string | null;
  readonly payload: { readonly id?: string };
}

interface SendOptions {
  readonly balanced: boolean;
  readonly packet: Packet;
}

/** Members of Moleculer's transporter in use. */
interface Internals {
  channel: Channel | null;
  connection: Connection | null;
  connectionCount: number;
  bindings: unknown[];
  readonly opts: {
    readonly url: readonly string[];
    readonly socketOptions?: object;
    readonly messageOptions: object;
  };
  readonly broker: moleculer.ServiceBroker;
  readonly transit: {
    readonly pendingRequests: Map<string, PendingRequest>;
    disconnecting: boolean;
    subscribing: Promise<void> | null;
    makeSubscriptions(): Promise<void>;
  };
  receive(command: string, content: Buffer): Promise<unknown> | undefined;
}

/** Moleculer's options type omits the socket's. */
export type AmqpOptions = Exclude<
  ConstructorParameters<typeof moleculer.Transporters.AMQP>[0],
  string | undefined
> & {
  socketOptions?: { noDelay?: boolean; timeout?: number };
};

/**
 * Moleculer's AMQP transporter with five fixes: a closed channel reconnects; a node's request queue dies with
 * the node, and RabbitMQ returns requests addressed to it; requests are not acknowledged (at most once);
 * sending on a closing connection rejects; a connection lost during setup rejects.
 */
export class AmqpTransporter extends moleculer.Transporters.AMQP {
  readonly #openFallback: ((log: Log) => RedisFallback) | undefined;
  #fallback: RedisFallback | undefined;
  #blockedConnection: Connection | undefined;
  #blockedAt = 0;
  #warnTimer: NodeJS.Timeout | undefined;
  /** By sender: packets that it sent over RabbitMQ before this time (its own clock) are stale and dropped. */
  readonly #staleUntil = new Map<string, number>();

  /** @param openFallback called when the node connects */
  constructor(options: AmqpOptions, openFallback?: (log: Log) => RedisFallback) {
    super(options);
    this.#openFallback = openFallback;
  }

  /** Whether RabbitMQ blocks this connection (memory or disk alarm). */
  get isBlocked(): boolean {
    return this.#blockedConnection !== undefined && this.#blockedConnection === this.#internals.connection;
  }

  /** Whether packets reach other nodes, over RabbitMQ or the fallback. */
  get canDeliver(): boolean {
    return this.connected && (!this.isBlocked || (this.#fallback?.isReady ?? false));
  }

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
      if (message === null) return this.#closeConnection(this.#internals.connection);
      const { appId = "", timestamp = 0 } = message.properties;
      if (timestamp <= (this.#staleUntil.get(appId) ?? -1))
        this.logger.warn(`stale ${command} of ${appId} dropped`);
      else this.#receive(command, message.content);
    };
  }

  override async subscribe(command: string, nodeID?: string): Promise<void> {
    this.#fallback?.subscribe(this.getTopicName(command, nodeID), ({ sender, blockedAt, data }) => {
      this.#staleUntil.set(sender, Math.max(blockedAt, this.#staleUntil.get(sender) ?? 0));
      this.#receive(command, data);
    });
    await super.subscribe(command, nodeID);
  }

  /**
   * Resolves when the connection is set up and the nodes know each other.
   *
   * @param onLost called when the connection is lost later, unless the node is stopping
   * @throws Error when it cannot be established, or is lost meanwhile
   */
  // oxlint-disable-next-line typescript/no-unsafe-function-type -- as the framework declares it
  override async connect(onLost?: Function): Promise<void> {
    this.#fallback ??= this.#openFallback?.(this.logger);
    const internals = this.#internals;
    const {
      url: [url = ""],
      socketOptions,
    } = internals.opts;
    const connection = await amqplib.connect(url, { ...socketOptions, servername: new URL(url).hostname });
    const lost = Promise.withResolvers<never>();
    let established = false;
    connection.on("error", (error: Error) => this.logger.warn(`rabbitmq: ${error.message}`));
    connection.on("blocked", (reason: string) => this.#block(connection, reason));
    connection.on("unblocked", () => this.#unblock(connection));
    connection.on("close", (reason?: Error) => {
      this.connected = false;
      this.#unblock(connection);
      lost.reject(reason ?? new Error("the connection was closed"));
      if (established && !internals.transit.disconnecting) onLost?.();
    });
    try {
      await Promise.race([lost.promise, this.#setUp(connection)]);
      established = true;
      this.logger.info("rabbitmq connected: requests");
    } catch (error) {
      this.connected = false;
      // Otherwise sends would wait for the failed subscriptions for ever.
      internals.transit.subscribing = null;
      this.#closeConnection(connection);
      throw error;
    }
  }

  override async makeSubscriptions(topics: Record<string, unknown>[]): Promise<void> {
    try {
      await super.makeSubscriptions(topics);
    } catch (error) {
      this.logger.debug("subscriptions failed", error);
      // Sends that wait for the subscriptions fail with this error.
      throw new moleculer.Errors.BrokerDisconnectedError("The subscriptions failed");
    }
  }

  /** Closes after pending sends, or abandons a RabbitMQ that hangs. */
  override async disconnect(): Promise<void> {
    const internals = this.#internals;
    const { channel, connection } = internals;
    Object.assign(internals, { connectionCount: 0, connection: null, channel: null });
    const close = async () => {
      await channel?.close();
      await connection?.close();
    };
    await withTimeout(closeTimeoutMs, close()).catch((error: unknown) =>
      this.logger.debug("closing the connection", error),
    );
    clearInterval(this.#warnTimer);
    this.#fallback?.close();
  }

  override send(topic: string, data: Buffer, options: SendOptions): Promise<void> {
    try {
      return this.isBlocked
        ? this.#sendViaFallback(topic, data, options.packet)
        : this.#send(topic, data, options);
    } catch (error) {
      if (!isConnectionClosing(error)) throw error;
      return Promise.reject(new moleculer.Errors.BrokerDisconnectedError("The connection is closing"));
    }
  }

  async #setUp(connection: Connection): Promise<void> {
    const internals = this.#internals;
    const channel = await connection.createChannel();
    channel.on("error", (error: Error) => this.logger.warn(`rabbitmq: requests: ${error.message}`));
    channel.on("close", () => {
      if (internals.channel === channel) internals.channel = null;
      if (!internals.transit.disconnecting) this.#closeConnection(connection);
    });
    channel.on("return", ({ properties }: Message) => this.#onReturned(properties.messageId ?? ""));
    Object.assign(internals, { connection, channel, bindings: [] });
    internals.connectionCount += 1;
    const again = internals.connectionCount > 1;
    // On the first connect, Moleculer subscribes by itself.
    if (again) await internals.transit.makeSubscriptions();
    await this.onConnected(again);
  }

  #send(topic: string, data: Buffer, { packet, balanced }: SendOptions): Promise<void> {
    // Moleculer balances the load, not RabbitMQ.
    if (balanced) throw new Error("balanced queues are not supported");
    const { channel, opts } = this.#internals;
    const properties = { ...opts.messageOptions, appId: this.nodeID, timestamp: Date.now() };
    if (!packet.target) channel?.publish(topic, "", data, properties);
    else
      channel?.sendToQueue(
        topic,
        data,
        packet.type === "REQ" ? { ...properties, mandatory: true, messageId: packet.payload.id } : properties,
      );
    return Promise.resolve();
  }

  async #sendViaFallback(topic: string, data: Buffer, packet: Packet): Promise<void> {
    const fallbackPacket: FallbackPacket = { sender: this.nodeID, blockedAt: this.#blockedAt, data };
    const receivers = await this.#fallback?.publish(topic, fallbackPacket).catch((error: unknown) => {
      this.logger.debug("redis fallback: packet not published", error);
      return undefined;
    });
    if (receivers === undefined)
      throw new moleculer.Errors.BrokerDisconnectedError("RabbitMQ blocks publishing");
    if (receivers === 0 && packet.type === "REQ") this.#onReturned(packet.payload.id ?? "");
  }

  #receive(command: string, content: Buffer): void {
    const handled = this.#internals.receive(command, content);
    handled?.catch((error: unknown) => this.logger.error("message handler failed", error));
  }

  #block(connection: Connection, reason: string): void {
    this.#blockedConnection = connection;
    this.#blockedAt = Date.now();
    const effect = this.#fallback ? "requests use the redis fallback" : "requests are rejected";
    const warn = () =>
      this.logger.warn(`rabbitmq blocked (${reason}): ${effect}, events wait in the outboxes`);
    warn();
    clearInterval(this.#warnTimer);
    this.#warnTimer = setInterval(warn, warnIntervalMs).unref();
    // Tell the other nodes at once.
    void this.#internals.broker.registry?.discoverer.beat();
  }

  #unblock(connection: Connection): void {
    if (this.#blockedConnection !== connection) return;
    this.#blockedConnection = undefined;
    clearInterval(this.#warnTimer);
    this.logger.info("rabbitmq unblocked");
  }

  #onReturned(requestId: string): void {
    const { transit, broker } = this.#internals;
    const request = transit.pendingRequests.get(requestId);
    if (!request) return;
    const { nodeID, action, reject } = request;
    transit.pendingRequests.delete(requestId);
    // Rejects all requests to this node. If only its connection was lost, a heartbeat brings it back.
    broker.registry?.discoverer.remoteNodeDisconnected(nodeID, true);
    reject(new UndeliverableRequestError(action.name, nodeID));
  }

  /** Ignores a connection that is closed or closing. */
  #closeConnection(connection: Connection | null): void {
    connection?.close().catch(() => undefined);
  }
}
