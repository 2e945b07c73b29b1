import { setTimeout as sleep } from "node:timers/promises";
import { ShopAmqpTransporter } from "./shop-amqp-transporter.ts";

/** Between two tries to connect, on average. */
const pauseMs = 500;
/** RabbitMQ counts as lost when nothing has come from it for two of these. */
const heartbeatSeconds = 5;

/**
 * Comes back as soon as RabbitMQ does. The framework waits for five seconds before each try, which is most of the time
 * that a restart of RabbitMQ takes from the shop.
 */
export class EagerAmqpTransporter extends ShopAmqpTransporter {
  #ended = false;

  override async connect(): Promise<void> {
    while (!this.#ended) {
      try {
        await super.connect(() => void this.connect());
        return;
      } catch (error) {
        this.logger.warn(`RabbitMQ cannot be reached: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(pauseMs * (0.5 + Math.random()));
      }
    }
  }

  override async disconnect(): Promise<void> {
    this.#ended = true;
    await super.disconnect();
  }
}

/**
 * The URL with a heartbeat, unless it names one itself. By RabbitMQ's own default, a connection that was lost without a
 * word would be missed after two minutes.
 */
export function withHeartbeat(amqpUrl: string): string {
  const url = new URL(amqpUrl);
  if (!url.searchParams.has("heartbeat")) url.searchParams.set("heartbeat", String(heartbeatSeconds));
  return url.href;
}
