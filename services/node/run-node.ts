import { flushCompileCache } from "node:module";
import type { AddressInfo, Server } from "node:net";
import { parseArgs } from "node:util";
import type { Service, ServiceBroker } from "moleculer";
import type { Config } from "../../config/index.ts";
import { ConfigError, environmentWith, loadConfig } from "../../config/index.ts";
import { createNode } from "./create-node.ts";
import { StartError, takeDataDirectory } from "./data-directory.ts";
import { prepareShop } from "./first-start.ts";
import { giveBackAtRest } from "./give-back-at-rest.ts";
import { internalAddress } from "./internal-port.ts";
import { stopper } from "./stop.ts";

/** What `main.js` promises. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { repl: { type: "boolean" } }, allowPositionals: true });
  const config = nodeConfig(positionals);
  const giveBack = config.shape === "embedded" ? await takeDataDirectory(config.dataDir) : () => undefined;

  const broker = await createNode(config, { console: values.repl ?? false });
  const stop = stopper({ broker, config, after: giveBack, say });
  process.on("SIGTERM", () => stop.ask());
  process.on("SIGINT", () => stop.ask());
  // A node that a supervisor started goes with it, whatever became of the supervisor.
  if (process.connected) process.on("disconnect", () => stop.begin());

  await broker.start();
  const whole = config.shape === "embedded" && config.services.includes("users") && config.services.includes("catalog");
  const passwordFile = whole ? await prepareShop(broker, config) : undefined;
  announce(broker, config, passwordFile);
  if (process.connected) process.send?.("started");
  // Now and not at the end, which may be a kill.
  flushCompileCache();
  giveBackAtRest();
  // The end of its input stops the node.
  if (values.repl) broker.repl();
}

function nodeConfig(services: readonly string[]): Config {
  const given = environmentWith(services.length > 0 ? { SERVICES: services.join(",") } : {});
  const config = loadConfig(given);
  if (config.services.length > 0) return config;
  if (config.shape === "embedded")
    throw new StartError("a node without services joins a cluster (npm run cluster); one process has its console in npm run dev");
  // Whoever sits there wants answers, not the node's own news.
  return loadConfig({ LOG_FORMAT: "text", LOG_LEVEL: "warn", ...given });
}

function say(line: string): void {
  process.stderr.write(`shopserver: ${line}\n`);
}

function announce(broker: ServiceBroker, config: Config, passwordFile: string | undefined): void {
  const api = broker.getLocalService("api") as (Service & { server: Server }) | undefined;
  const services = config.services.join(", ");
  const lines = [services ? `ShopServer runs ${services} (${config.shape})` : "Operator's console: shop help"];
  if (api) {
    const { address, family, port } = api.server.address() as AddressInfo;
    const host = ["127.0.0.1", "0.0.0.0", "::", "::1"].includes(address) ? "localhost" : address;
    const origin = `http://${family === "IPv6" && host === address ? `[${host}]` : host}:${port}`;
    lines.push(`  API            ${origin}/api/v1`, `  documentation  ${origin}/docs/  (try every call there)`);
  }
  const internal = internalAddress(broker);
  if (internal) lines.push(`  internal       http://${internal.family === "IPv6" ? `[${internal.address}]` : internal.address}:${internal.port}/metrics`);
  if (passwordFile)
    lines.push(`  administrator  ${config.administrator.email}, first password in ${passwordFile}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

main().catch((error: unknown) => {
  const expected = error instanceof ConfigError || error instanceof StartError;
  const text = error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error);
  say(text);
  process.exit(1);
});
