import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Service, ServiceBroker } from "moleculer";
import { loadConfig } from "../../config/index.ts";
import type { DurableEvents } from "../../mixins/events/durable-events.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { isQuiet } from "../../mixins/events/open-event-transport.ts";
import { InProcessTransport } from "../../mixins/events/in-process-transport.ts";
import type { ActionName, Input, Result } from "../../mixins/contract/calls.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { clusterSettings, emptyCluster } from "./cluster-shape.ts";
import { noUnpaidLimits } from "./no-unpaid-limits.ts";
import { createNode } from "../../services/node/create-node.ts";
import { serviceNames } from "./all-contracts.ts";

/**
 * A shop of its own for a test, contracts checked: in the embedded shape with a fresh directory or, when
 * `SHOP_TEST_SETTINGS` names the settings of a stack, in the cluster shape with emptied databases.
 */
export interface Shop {
  readonly broker: ServiceBroker;
  /** Base URL of the gateway without a trailing slash; empty when the test does not run one. */
  readonly url: string;
  /** The node's own directory. */
  readonly dataDir: string;
  /** Calls an action directly, by default as the operator. */
  call<N extends ActionName>(name: N, params: Input<N>, options?: { as?: Caller }): Promise<Result<N>>;
  /** Resolves when every published event has taken effect. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export const operator: Caller = { kind: "operator", name: "test" };

/** A signed-in customer as the gateway would vouch for, without an account behind. */
export function customer(userId: string = newId()): Caller & { kind: "user" } {
  return {
    kind: "user",
    userId,
    sessionId: newId(),
    role: "customer",
    permissions: [],
    verifiedAt: Date.now(),
  };
}

export interface ShopOptions {
  /** All of them when absent. */
  readonly services?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Runs before the start, to add fakes of services that the test does not run. */
  readonly prepare?: (broker: ServiceBroker) => void;
}

export async function startShop(options: ShopOptions = {}): Promise<Shop> {
  const directory = await mkdtemp(join(tmpdir(), "shop-test-"));
  const config = loadConfig({
    DATA_DIR: directory,
    PORT: "0",
    LOG_LEVEL: "error",
    LOG_FORMAT: "text",
    CHECK_CONTRACTS: "true",
    // Most tests need unthrottled logins; those of the throttle set their own limit.
    LOGIN_FAILURES_FREE: "1000000",
    ...noUnpaidLimits,
    SERVICES: (options.services ?? serviceNames).join(","),
    NODE_ID: newId(),
    ...clusterSettings(),
    ...options.env,
  });
  await emptyCluster(config);
  const broker = await createNode(config);
  asOnlyNode(broker);
  options.prepare?.(broker);
  try {
    await broker.start();
  } catch (error) {
    await broker.stop();
    await rm(directory, { recursive: true, force: true });
    throw error;
  }

  return {
    broker,
    url: gatewayUrl(broker),
    dataDir: config.dataDir,
    call: <N extends ActionName>(name: N, params: Input<N>, { as = operator }: { as?: Caller } = {}) =>
      broker.call<Result<N>, Input<N>>(name, params, { meta: { caller: as } }),
    settled: () => settled(broker),
    async stop() {
      await broker.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Neither waits half a second to hear of other nodes when it starts, nor for them to hear that it stops. */
export function asOnlyNode({ options, transit }: ServiceBroker): void {
  if (options.registry) options.registry.stopDelay = 0;
  if (transit) Object.assign(transit, { Promise: Undelayed });
}

class Undelayed<T> extends Promise<T> {
  /** The framework's. */
  delay(): this {
    return this;
  }
}

function gatewayUrl(broker: ServiceBroker): string {
  const api = broker.getLocalService("api") as (Service & { server: Server }) | undefined;
  if (!api) return "";
  const { port } = api.server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

/**
 * Delivers events directly to this node's consumers.
 *
 * @param to the only service that receives them; all when absent
 * @returns per event, in order, undefined or the consumer's error
 */
export async function deliver(
  broker: ServiceBroker,
  events: readonly EventEnvelope[],
  to?: string,
): Promise<(Error | undefined)[]> {
  const transport = new InProcessTransport();
  for (const service of broker.services.filter(({ name }) => to === undefined || name === to)) {
    const { durableEvents } = service as Service & { durableEvents?: DurableEvents };
    if (durableEvents) await transport.subscribe(durableEvents.subscription);
  }
  return transport.send(events);
}

async function settled(broker: ServiceBroker): Promise<void> {
  while (!(await isQuiet(broker))) await new Promise((resolve) => setTimeout(resolve, 5));
}
