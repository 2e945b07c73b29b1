import type { ServiceBroker } from "moleculer";

const intervalMs = 10;
const timeoutMs = 60_000;

/**
 * Waits for the other services of this node, so that the first request finds them.
 *
 * @throws Error when one takes longer than a minute
 */
export async function waitForLocalServices(broker: ServiceBroker, except: string): Promise<void> {
  const others = broker.services
    .map(({ name }) => name)
    .filter((name) => name !== except && !name.startsWith("$"));
  await broker.waitForServices(others, timeoutMs, intervalMs);
}
