import { flushCompileCache } from "node:module";
import type { AddressInfo, Server } from "node:net";
import type { Service, ServiceBroker } from "moleculer";
import type { Config } from "../../config/index.ts";
import { ConfigError, environmentWith, installedServiceNames, loadConfig } from "../../config/index.ts";
import { UnusableDatabaseError } from "../../mixins/database/unusable-database.ts";
import { readCommandLine } from "../../mixins/support/command-line.ts";
import { createNode } from "./create-node.ts";
import { StartError, lockDataDirectory } from "./data-directory.ts";
import { prepareShop } from "./first-start.ts";
import { releaseIdleMemory } from "./release-idle-memory.ts";
import { internalAddress } from "../../mixins/service/admin-port.ts";
import { onNpmExit } from "./npm.ts";
import { stopper } from "./stop.ts";

const line = {
  name: "start",
  about: "Starts a node of the shop: all services in one process, or any services of a cluster.",
  also: {
    dev: "Starts the shop with a console, and restarts it when a file changes.",
    node: "Starts a node that joins the cluster of npm run cluster.",
    repl: "Joins that cluster with a console and no services.",
  },
  positionals: "[services]",
  options: {
    repl: {
      type: "boolean",
      default: false,
      help: "a console in the terminal: shop help, call catalog.products.list",
    },
  },
  notes: `Services are named as catalog,orders (default: SERVICES, else all that are installed); none has a console only.
Settings come from the environment; docs/settings.md lists them with their defaults. Ctrl-C ends it in good order.`,
} as const;

/** The node's main program. */
async function main(): Promise<void> {
  const { values, services } = await readCommandLine(line, (values, positionals) => ({
    values,
    services: positionals.flatMap(namesIn),
  }));
  const config = nodeConfig(services);
  const unlockDataDirectory =
    config.shape === "embedded" ? await lockDataDirectory(config.dataDir) : () => undefined;

  const broker = await createNode(config, { console: values.repl });
  const stop = stopper({ broker, config, after: unlockDataDirectory, say });
  // SIGHUP: the terminal was closed.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stop.request());
  onNpmExit(() => stop.begin());
  // A supervised node stops when its supervisor is gone.
  if (process.connected) process.on("disconnect", () => stop.begin());

  await broker.start();
  const whole =
    config.shape === "embedded" && config.services.includes("users") && config.services.includes("catalog");
  const passwordFile = whole ? await prepareShop(broker, config) : undefined;
  announce(broker, config, passwordFile);
  if (process.connected) process.send?.("started");
  // Flush now: the process may end by SIGKILL.
  flushCompileCache();
  releaseIdleMemory();
  // End of input stops the node.
  if (values.repl) broker.repl();
}

/** @throws TypeError naming an unknown service */
function namesIn(list: string): string[] {
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  const known = installedServiceNames();
  const unknown = names.find((name) => name !== "none" && !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`no service is called ${unknown}: ${known.join(", ")}`);
  return names;
}

function nodeConfig(services: readonly string[]): Config {
  const given = environmentWith(services.length > 0 ? { SERVICES: services.join(",") } : {});
  const config = loadConfig(given);
  if (config.services.length > 0) return config;
  if (config.shape === "embedded")
    throw new StartError(
      "a node without services joins a cluster (npm run cluster); one process has its console in npm run dev",
    );
  // A console shows answers, not the node's log.
  return loadConfig({ LOG_FORMAT: "text", LOG_LEVEL: "warn", ...given });
}

function say(line: string): void {
  process.stderr.write(`shopserver: ${line}\n`);
}

function announce(broker: ServiceBroker, config: Config, passwordFile: string | undefined): void {
  const api = broker.getLocalService("api") as (Service & { server: Server }) | undefined;
  const services = config.services.join(", ");
  const lines = [
    services ? `ShopServer runs ${services} (${config.shape})` : "Operator's console: shop help",
  ];
  if (api) {
    const { address, family, port } = api.server.address() as AddressInfo;
    const host = ["127.0.0.1", "0.0.0.0", "::", "::1"].includes(address) ? "localhost" : address;
    const origin = `http://${family === "IPv6" && host === address ? `[${host}]` : host}:${port}`;
    lines.push(
      `  API            ${origin}/api/v1`,
      `  documentation  ${origin}/docs/  (try every call there)`,
    );
  }
  const internal = internalAddress(broker);
  if (internal)
    lines.push(
      `  internal       http://${internal.family === "IPv6" ? `[${internal.address}]` : internal.address}:${internal.port}/metrics`,
    );
  if (passwordFile)
    lines.push(`  administrator  ${config.administrator.email}, first password in ${passwordFile}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

main().catch((error: unknown) => {
  const expected =
    error instanceof ConfigError || error instanceof StartError || error instanceof UnusableDatabaseError;
  const text =
    error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error);
  say(text);
  process.exit(1);
});
