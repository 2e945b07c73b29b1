import type { AmqpConnectionManager, ChannelWrapper } from "amqp-connection-manager";
import type { ConfirmChannel } from "amqplib";
import { withTimeout } from "../support/with-timeout.ts";
import { isConnectionClosing } from "./is-connection-closing.ts";

/** RabbitMQ may never answer on a live connection. */
const setupTimeoutMs = 20_000;

interface Log {
  warn(...args: unknown[]): void;
}

/**
 * A channel that amqp-connection-manager sets up again on each connection. The manager alone misses a channel
 * that RabbitMQ closes by itself, and a failed setup (such as a missing queue); both reconnect here.
 */
export function selfHealingChannel(
  connection: AmqpConnectionManager,
  purpose: string,
  log: Log,
  setUp: (channel: ConfirmChannel) => Promise<void>,
): ChannelWrapper {
  const reconnectAfter = (error: Error) => {
    log.warn(`rabbitmq: ${purpose}: ${error.message}: reconnecting`);
    dropConnection(connection);
  };
  const wrapper = connection.createChannel({
    confirm: true,
    setup: async (channel: ConfirmChannel) => {
      let open = true;
      channel.on("close", () => (open = false));
      channel.on("error", reconnectAfter);
      try {
        await withTimeout(setupTimeoutMs, setUp(channel));
      } catch (error) {
        // When the channel has closed, its connection has closed or is about to.
        if (open) reconnectAfter(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
  wrapper.on("error", (error: unknown) => {
    // The connection closed while opening the channel. The manager reconnects in most cases, but misses a
    // connection that RabbitMQ closes as soon as it has opened.
    if (isConnectionClosing(error)) reconnect(connection);
  });
  return wrapper;
}

function reconnect(connection: AmqpConnectionManager): void {
  try {
    connection.reconnect();
  } catch {
    // Already disconnected: the node is stopping.
  }
}

/** Closes the current connection, if any; the manager reconnects after its usual pause. */
export function dropConnection({ connection }: AmqpConnectionManager): void {
  // `close` throws when the connection is closing already.
  const close = async () => connection?.close();
  close().catch(() => undefined);
}
