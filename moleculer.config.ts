import type { BrokerOptions, LogLevels } from "moleculer";
import type { Config } from "./config/index.ts";
import { loadConfig } from "./config/index.ts";
import type { ShopBrokerOptions } from "./mixins/config-of.ts";
import { ShopErrorRegenerator } from "./services/contract/errors.ts";

/** How long a call may take when its contract does not say otherwise. */
const requestTimeoutMs = 10_000;

/** The framework's options for a node with this configuration. */
export function brokerOptions(config: Config): ShopBrokerOptions {
  return {
    shop: config,
    namespace: config.namespace,
    nodeID: config.nodeId,
    logger: logger(config),
    requestTimeout: requestTimeoutMs,
    errorRegenerator: new ShopErrorRegenerator(),
    // Contracts are checked by the kit, in front of every handler.
    validator: false,
    // A stop waits for what is in flight.
    tracking: { enabled: true, shutdownTimeout: requestTimeoutMs },
    // A chain of calls this long is a mistake.
    maxCallLevel: 10,
    // Signals are handled where the node is started.
    skipProcessEventRegistration: true,
  };
}

function logger(config: Config): BrokerOptions["logger"] {
  const level = config.log.level as LogLevels;
  if (config.log.format === "json") return { type: "Pino", options: { level } };
  // What the framework tells of its own start is of interest to those who look for a fault.
  const framework = level === "info" ? "warn" : level;
  const levels = { BROKER: framework, REGISTRY: framework, TRANSIT: framework, "**": level };
  return { type: "Console", options: { level: levels, formatter: "short", colors: process.stdout.isTTY } };
}

/** For `moleculer-runner -c moleculer.config.ts`. */
export default brokerOptions(loadConfig());
