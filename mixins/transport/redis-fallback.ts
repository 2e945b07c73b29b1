import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import { failFast, openRedis } from "../cache/open-redis.ts";

/** A Moleculer packet that bypasses RabbitMQ. */
export interface FallbackPacket {
  /** Sending node. */
  readonly sender: string;
  /** When RabbitMQ blocked the sender, by the sender's clock. */
  readonly blockedAt: number;
  readonly data: Buffer;
}

export interface Log {
  debug(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

const commandTimeoutMs = 1000;
/** Maximum age of a packet: RabbitMQ's message expiry plus clock skew. */
const validMs = 30_000;
const [ivLength, tagLength] = [12, 16];

/**
 * Carries packets by Redis publish/subscribe while RabbitMQ blocks. They are encrypted (AES-256-GCM) with a
 * key derived from the RabbitMQ credentials: access to Redis alone allows neither reading nor forging, and
 * replay only within `validMs`. At-most-once delivery, as over RabbitMQ.
 */
export class RedisFallback {
  readonly #key: Buffer;
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  readonly #receivers = new Map<string, (packet: FallbackPacket) => void>();
  readonly #log: Log;

  constructor(redisUrl: string, amqpUrl: string, log: Log) {
    const { username, password } = new URL(amqpUrl);
    this.#key = Buffer.from(hkdfSync("sha256", password, username, "packets past RabbitMQ", 32));
    this.#log = log;
    // The fallback may be idle when a connection fails.
    const onError = (error: Error) => log.debug(`redis fallback: ${error.message}`);
    this.#publisher = openRedis(redisUrl, onError, { ...failFast, commandTimeout: commandTimeoutMs });
    // A subscribed connection rejects the command of the ready check.
    this.#subscriber = openRedis(redisUrl, onError, { enableReadyCheck: false, maxRetriesPerRequest: null });
    this.#subscriber.on("messageBuffer", (topic: Buffer, sealed: Buffer) =>
      this.#receive(topic.toString(), sealed),
    );
  }

  /** Whether both connections to Redis are ready. */
  get isReady(): boolean {
    return this.#publisher.status === "ready" && this.#subscriber.status === "ready";
  }

  /** Also applies to later connections. */
  subscribe(topic: string, receive: (packet: FallbackPacket) => void): void {
    const isNew = !this.#receivers.has(topic);
    this.#receivers.set(topic, receive);
    if (isNew)
      this.#subscriber
        .subscribe(topic)
        .catch((error: unknown) => this.#log.warn(`redis fallback: subscribing to ${topic} failed`, error));
  }

  /**
   * @returns number of nodes that received it
   * @throws Error when Redis is unavailable
   */
  publish(topic: string, packet: FallbackPacket): Promise<number> {
    return this.#publisher.publish(topic, this.#seal(topic, packet));
  }

  close(): void {
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
  }

  #receive(topic: string, sealed: Buffer): void {
    let packet: FallbackPacket | undefined;
    try {
      packet = this.#open(topic, sealed);
    } catch (error) {
      this.#log.warn(`redis fallback: packet on ${topic} failed authentication`, error);
      return;
    }
    if (packet) this.#receivers.get(topic)?.(packet);
    else
      this.#log.warn(`redis fallback: packet on ${topic} expired, or clock skew exceeds ${validMs / 1000} s`);
  }

  #seal(topic: string, { sender, blockedAt, data }: FallbackPacket): Buffer {
    const iv = randomBytes(ivLength);
    const cipher = createCipheriv("aes-256-gcm", this.#key, iv).setAAD(Buffer.from(topic));
    const head = `${JSON.stringify({ sender, blockedAt, sentAt: Date.now() })}\n`;
    const text = Buffer.concat([cipher.update(head), cipher.update(data), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), text]);
  }

  #open(topic: string, sealed: Buffer): FallbackPacket | undefined {
    const iv = sealed.subarray(0, ivLength);
    const decipher = createDecipheriv("aes-256-gcm", this.#key, iv, { authTagLength: tagLength }).setAAD(
      Buffer.from(topic),
    );
    decipher.setAuthTag(sealed.subarray(ivLength, ivLength + tagLength));
    const text = Buffer.concat([decipher.update(sealed.subarray(ivLength + tagLength)), decipher.final()]);
    const headEnd = text.indexOf("\n");
    const head = JSON.parse(text.toString("utf8", 0, headEnd)) as {
      sender: string;
      blockedAt: number;
      sentAt: number;
    };
    if (Math.abs(Date.now() - head.sentAt) > validMs) return undefined;
    return { sender: head.sender, blockedAt: head.blockedAt, data: text.subarray(headEnd + 1) };
  }
}
