import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Service, ServiceBroker } from "moleculer";
import { ConfigError } from "../../config/index.ts";
import type { PspOptions, RunningPsp } from "./start-psp.ts";
import { startPsp } from "./start-psp.ts";

export interface InProcessOptions extends Omit<PspOptions, "publicUrl" | "webhookUrl"> {
  readonly port: number;
  /** If false, any free port is used when `port` is in use. */
  readonly isPortRequired: boolean;
}

/**
 * Starts the payment sandbox inside a node of the shop, so that payments work without an installation. Its
 * webhooks go to the same node's gateway, and wait until that listens.
 *
 * @throws ConfigError when a required port is in use
 */
export async function startInProcess(broker: ServiceBroker, options: InProcessOptions): Promise<RunningPsp> {
  const { isPortRequired, ...others } = options;
  const running = await startPsp(others).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    if (isPortRequired) throw new ConfigError(`bad setting: SANDBOX_PORT: ${options.port} is in use already`);
    return startPsp({ ...others, port: 0 });
  });
  const sendToGateway = () => {
    const api = broker.getLocalService("api") as (Service & { server: Server }) | undefined;
    if (!api) return;
    const { address, port } = api.server.address() as AddressInfo;
    const at =
      address === "0.0.0.0" || address === "::"
        ? "127.0.0.1"
        : address.includes(":")
          ? `[${address}]`
          : address;
    running.psp.webhooks.sendTo(`http://${at}:${port}/api/v1/webhooks/payments/sandbox`);
  };
  if (broker.started) sendToGateway();
  else broker.localBus.once("$broker.started", sendToGateway);
  return running;
}
