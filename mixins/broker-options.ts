import type { BrokerOptions } from "moleculer";
import type { Config } from "../config/index.ts";
import type { ShopBrokerOptions } from "./config-of.ts";
import { cacheAtCaller } from "./cache/cache-at-caller.ts";
import { closeCache } from "./cache/cached-answers.ts";
import { deliveriesEndFirst } from "./events/durable-events.ts";
import { closeEventTransport } from "./events/event-transport.ts";
import { logger } from "./logging/loggers.ts";
import { LeastInFlight } from "./transport/least-in-flight.ts";
import { overdueRequests } from "./transport/overdue-requests.ts";
import { countRequestsInFlight } from "./transport/requests-in-flight.ts";
import { retries } from "./transport/retries.ts";
import type { AmqpOptions } from "./transport/shop-amqp-transporter.ts";
import { EagerAmqpTransporter, withHeartbeat } from "./transport/eager-amqp-transporter.ts";
import { WatchfulDiscoverer } from "./transport/watchful-discoverer.ts";
import { takeTurns } from "./turns/take-turns.ts";
import { isShopError, ShopErrorRegenerator } from "../services/contract/errors.ts";

/** How long a call may take when its contract does not say otherwise. */
const requestTimeoutMs = 10_000;
const connectTimeoutMs = 5000;
/** A node that has fallen silent is chosen no more after so many of its heartbeats, and up to two seconds. */
const heartbeatsMissed = 3;
/** A node that stops goes on taking requests until the others have surely heard that it leaves. */
const leaveMs = 500;

/** The framework's options for a node with this configuration. */
export function brokerOptions(config: Config): ShopBrokerOptions {
  return {
    shop: config,
    namespace: config.namespace,
    nodeID: config.nodeId,
    logger: logger(config),
    transporter: config.amqpUrl ? transporter(config.amqpUrl) : undefined,
    heartbeatInterval: config.heartbeatSeconds,
    heartbeatTimeout: config.heartbeatSeconds * heartbeatsMissed,
    middlewares: [countRequestsInFlight(), takeTurns(), retries(requestTimeoutMs), cacheAtCaller(), overdueRequests(), deliveriesEndFirst],
    circuitBreaker: {
      enabled: config.amqpUrl !== undefined,
      threshold: 0.5,
      minRequestCount: 20,
      windowTime: 10,
      halfOpenTime: 2000,
      check: isFaultOfNode,
    },
    registry: { discoverer: new WatchfulDiscoverer(), strategy: LeastInFlight, stopDelay: config.amqpUrl ? leaveMs : 0 },
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
    async stopped(broker) {
      await closeEventTransport(broker);
      await closeCache(broker);
    },
  };
}

/** What a caller did wrong says nothing about the node that told it; and one that says when to come again is alive. */
function isFaultOfNode(error: Error): boolean {
  if (isShopError(error, "unavailable") && error.data.retryAfter !== undefined) return false;
  return "code" in error && typeof error.code === "number" && error.code >= 500;
}

function transporter(url: string): BrokerOptions["transporter"] {
  const options: AmqpOptions = {
    url: withHeartbeat(url),
    consumeOptions: { noAck: true },
    // While a node is not there to take it, a request is kept for as long as its caller may wait.
    messageOptions: { expiration: requestTimeoutMs },
    // What a dead node left in its queues is of no use to anyone.
    autoDeleteQueues: 60_000,
    socketOptions: { noDelay: true, timeout: connectTimeoutMs },
  };
  return new EagerAmqpTransporter(options);
}
