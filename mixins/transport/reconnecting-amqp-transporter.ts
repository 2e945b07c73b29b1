import { setTimeout as sleep } from "node:timers/promises";
import { AmqpTransporter } from "./amqp-transporter.ts";

/** Average pause between connection attempts. */
const reconnectDelayMs = 500;
/** A connection counts as lost after two silent intervals. */
const heartbeatSeconds = 5;

/**
 * Reconnects within about 0.5 s; Moleculer waits 5 s before each attempt, most of the outage of a RabbitMQ
 * restart.
 */
export class ReconnectingAmqpTransporter extends AmqpTransporter {
  #ended = false;

  override async connect(): Promise<void> {
    while (!this.#ended) {
      try {
        await super.connect(() => void this.connect());
        return;
      } catch (error) {
        this.logger.warn(`rabbitmq unreachable: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(reconnectDelayMs * (0.5 + Math.random()));
      }
    }
  }

  override async disconnect(): Promise<void> {
    this.#ended = true;
    await super.disconnect();
  }
}

/**
 * Adds a heartbeat to the URL unless it has one. With RabbitMQ's default, a half-open connection would be
 * detected after two minutes.
 */
export function withHeartbeat(amqpUrl: string): string {
  const url = new URL(amqpUrl);
  if (!url.searchParams.has("heartbeat")) url.searchParams.set("heartbeat", String(heartbeatSeconds));
  return url.href;
}
