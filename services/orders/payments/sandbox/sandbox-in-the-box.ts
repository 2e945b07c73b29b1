import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Service, ServiceSchema } from "moleculer";
import type { SandboxConfig } from "../../../../config/payments.ts";
import { ConfigError } from "../../../../config/index.ts";
import type { RunningPsp } from "./start-psp.ts";
import { startPsp } from "./start-psp.ts";

const running = new Map<string, RunningPsp>();

/** Where the sandbox of this node listens, without a slash at the end. @throws Error before it has started */
export function sandboxInTheBox(nodeId: string): string {
  const box = running.get(nodeId);
  if (!box) throw new Error("the payment sandbox has not started");
  return box.url;
}

/** The payment sandbox within the shop's own process, so that a newcomer can pay without installing anything. */
export function sandboxService({ apiKey, webhookSecret, inTheBox }: SandboxConfig, host: string): ServiceSchema {
  const start = (port: number) => startPsp({ apiKey, webhookSecret, host, port, file: inTheBox.file });
  return {
    name: "$payment-sandbox",
    async started(this: Service) {
      const { broker } = this;
      const box = await start(inTheBox.port).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EADDRINUSE") throw error;
        if (inTheBox.mustHavePort) throw new ConfigError(`bad setting: SANDBOX_PORT: ${inTheBox.port} is in use already`);
        return start(0);
      });
      running.set(broker.nodeID, box);
      broker.localBus.once("$broker.started", () => {
        const api = broker.getLocalService("api") as (Service & { server: Server }) | undefined;
        if (!api) return;
        const { address, port } = api.server.address() as AddressInfo;
        const at = address === "0.0.0.0" || address === "::" ? "127.0.0.1" : address.includes(":") ? `[${address}]` : address;
        box.psp.webhooks.sendTo(`http://${at}:${port}/api/v1/webhooks/payments/sandbox`);
      });
    },
    async stopped(this: Service) {
      const box = running.get(this.broker.nodeID);
      running.delete(this.broker.nodeID);
      await box?.close();
    },
  };
}
