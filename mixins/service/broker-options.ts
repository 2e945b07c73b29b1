import type { BrokerOptions } from "moleculer";
import type { Config } from "../../config/index.ts";
import type { ServiceContract } from "../contract/contract.ts";
import type { ShopBrokerOptions } from "./config-of.ts";
import { serviceIdentity } from "./plain/identity.middleware.ts";
import { ParamsValidator } from "./plain/params-validator.ts";
import { ShopServiceFactory } from "./plain/plain-service.ts";
import { optionalServices } from "./optional-services.middleware.ts";
import { stopBackgroundWorkFirst } from "./stop-background-work.middleware.ts";
import { callerCache } from "../cache/caller-cache.middleware.ts";
import { ShopCacher } from "../cache/moleculer-cacher.ts";
import { closeEventTransport } from "../events/open-event-transport.ts";
import { logger } from "../observability/logging/loggers.ts";
import { LeastOutstandingStrategy } from "../transport/least-outstanding-strategy.ts";
import { expirePendingRequests } from "../transport/expire-pending-requests.middleware.ts";
import { RedisFallback } from "../transport/redis-fallback.ts";
import { countOutstandingRequests } from "../transport/outstanding-requests.middleware.ts";
import { retryMiddleware } from "../transport/retry.middleware.ts";
import type { AmqpOptions } from "../transport/amqp-transporter.ts";
import { ReconnectingAmqpTransporter, withHeartbeat } from "../transport/reconnecting-amqp-transporter.ts";
import { FastFailureDiscoverer, maxMissedHeartbeats } from "../transport/fast-failure-discoverer.ts";
import { fairQueueMiddleware } from "../transport/fair-queue.middleware.ts";
import { isShopError, ShopErrorRegenerator } from "../contract/errors.ts";

/** Timeout of a call whose contract names none. */
const requestTimeoutMs = 10_000;
const connectTimeoutMs = 5000;
/** A stopping node accepts requests until the others have learnt that it leaves. */
const drainMs = 500;

/**
 * Moleculer broker options for a node with this configuration.
 *
 * @param contracts of all installed services (`loadContracts`)
 */
export function brokerOptions(config: Config, contracts: readonly ServiceContract[]): ShopBrokerOptions {
  return {
    shop: config,
    contracts,
    namespace: config.namespace,
    nodeID: config.nodeId,
    logger: logger(config),
    transporter: config.amqpUrl ? transporter(config.amqpUrl, config.redisUrl) : undefined,
    metadata: { heartbeatSeconds: config.heartbeatSeconds },
    heartbeatInterval: config.heartbeatSeconds,
    heartbeatTimeout: config.heartbeatSeconds * maxMissedHeartbeats,
    middlewares: [
      optionalServices(contracts),
      countOutstandingRequests(),
      fairQueueMiddleware(contracts),
      retryMiddleware(contracts, requestTimeoutMs),
      callerCache(contracts),
      serviceIdentity(),
      expirePendingRequests(),
      stopBackgroundWorkFirst,
    ],
    circuitBreaker: {
      enabled: config.amqpUrl !== undefined,
      threshold: 0.5,
      minRequestCount: 20,
      windowTime: 10,
      halfOpenTime: 2000,
      check: isNodeFailure,
    },
    registry: {
      discoverer: new FastFailureDiscoverer(),
      strategy: LeastOutstandingStrategy,
      stopDelay: config.amqpUrl ? drainMs : 0,
    },
    requestTimeout: requestTimeoutMs,
    errorRegenerator: new ShopErrorRegenerator(),
    ServiceFactory: ShopServiceFactory as BrokerOptions["ServiceFactory"],
    validator: new ParamsValidator({}),
    cacher: new ShopCacher(),
    // On shutdown, wait for calls in flight.
    tracking: { enabled: true, shutdownTimeout: requestTimeoutMs },
    // Limits the depth of call chains, against cycles.
    maxCallLevel: 10,
    // The start command handles signals.
    skipProcessEventRegistration: true,
    async stopped(broker) {
      await closeEventTransport(broker);
    },
  };
}

/** Excludes client errors, and `unavailable` with `retryAfter`, which only a live node sends. */
function isNodeFailure(error: Error): boolean {
  if (isShopError(error, "unavailable") && error.data.retryAfter !== undefined) return false;
  return "code" in error && typeof error.code === "number" && error.code >= 500;
}

function transporter(url: string, redisUrl: string | undefined): BrokerOptions["transporter"] {
  const options: AmqpOptions = {
    url: withHeartbeat(url),
    consumeOptions: { noAck: true },
    // Requests expire in an absent node's queue after their timeout.
    messageOptions: { expiration: requestTimeoutMs },
    // Delete a dead node's queues.
    autoDeleteQueues: 60_000,
    socketOptions: { noDelay: true, timeout: connectTimeoutMs },
  };
  return new ReconnectingAmqpTransporter(
    options,
    redisUrl === undefined ? undefined : (log) => new RedisFallback(redisUrl, url, log),
  );
}
