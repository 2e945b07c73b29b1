import type { AmqpConnectionManager, ChannelWrapper } from "amqp-connection-manager";
import type { ConfirmChannel } from "amqplib";

interface Log {
  warn(...args: unknown[]): void;
}

/**
 * A channel that is set up again with each new connection. The connection manager alone would leave a node deaf when
 * RabbitMQ closes only the channel, or when it cannot be set up because a queue is not there yet: here that ends the
 * connection too, and everything is set up anew.
 */
export function lastingChannel(
  connection: AmqpConnectionManager,
  purpose: string,
  log: Log,
  setUp: (channel: ConfirmChannel) => Promise<void>,
): ChannelWrapper {
  const startOver = (error: Error) => {
    log.warn(`RabbitMQ: ${purpose}: ${error.message}: connecting anew`);
    renew(connection);
  };
  const wrapper = connection.createChannel({
    confirm: true,
    setup: async (channel: ConfirmChannel) => {
      let open = true;
      channel.on("close", () => (open = false));
      channel.on("error", startOver);
      try {
        await setUp(channel);
      } catch (error) {
        // With a channel that has closed, its connection is gone already or is about to be.
        if (open) startOver(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
  // A connection that ends while it opens the channel; the next one opens another.
  wrapper.on("error", () => undefined);
  return wrapper;
}

/** Ends the present connection, if there is one; the manager makes a new one after its usual pause. */
export function renew({ connection }: AmqpConnectionManager): void {
  // It may be closing already.
  const close = async () => connection?.close();
  close().catch(() => undefined);
}
