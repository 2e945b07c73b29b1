import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Service, ServiceBroker } from "moleculer";
import type { ServiceName } from "../../config/index.ts";
import { loadConfig, serviceNames } from "../../config/index.ts";
import type { DurableEvents } from "../../mixins/events/durable-events.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { eventTransport } from "../../mixins/events/event-transport.ts";
import { InProcessTransport } from "../../mixins/events/in-process-transport.ts";
import type { ActionName, Input, Result } from "../../services/contract/calls.ts";
import type { Caller } from "../../services/contract/caller.ts";
import { newId } from "../../services/contract/ids.ts";
import { clusterSettings, emptyCluster } from "./cluster-shape.ts";
import { createNode } from "../../services/node/create-node.ts";

/**
 * A shop of its own for a test, contracts checked: in the embedded shape with a fresh directory or, when
 * `SHOP_TEST_SETTINGS` names the settings of a stack, in the cluster shape with emptied databases.
 */
export interface Shop {
  readonly broker: ServiceBroker;
  /** Where the gateway listens, without a slash at the end; empty when the test does not run it. */
  readonly url: string;
  /** The node's own directory. */
  readonly dataDir: string;
  /** Calls an action directly; as the operator unless said otherwise. */
  call<N extends ActionName>(name: N, params: Input<N>, options?: { as?: Caller }): Promise<Result<N>>;
  /** Resolves when every durable event that was published has taken effect. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export const operator: Caller = { kind: "operator", name: "test" };

/** A signed-in customer as the gateway would vouch for, without an account behind. */
export function customer(userId: string = newId()): Caller & { kind: "user" } {
  return { kind: "user", userId, sessionId: newId(), role: "customer", permissions: [], verifiedAt: Date.now() };
}

export interface ShopOptions {
  /** All of them when absent. */
  readonly services?: readonly ServiceName[];
  readonly env?: Readonly<Record<string, string>>;
  /** Called before the start, to add stand-ins for services that the test does not run. */
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
    // Tests sign in wrongly more often than anyone should; those of the limits say so.
    LOGIN_FAILURES_FREE: "1000000",
    SERVICES: (options.services ?? serviceNames).join(","),
    NODE_ID: newId(),
    ...clusterSettings(),
    ...options.env,
  });
  await emptyCluster(config);
  const broker = await createNode(config);
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

function gatewayUrl(broker: ServiceBroker): string {
  const api = broker.getLocalService("api") as (Service & { server: Server }) | undefined;
  if (!api) return "";
  const { port } = api.server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

/**
 * Hands events to the services of this node that consume them, past the transport, to see what each makes of it.
 *
 * @returns for each event, in order, nothing or why one of the services could not take it in
 */
export async function deliver(broker: ServiceBroker, events: readonly EventEnvelope[]): Promise<(Error | undefined)[]> {
  const transport = new InProcessTransport();
  for (const service of broker.services) {
    const { durableEvents } = service as Service & { durableEvents?: DurableEvents };
    if (durableEvents) await transport.subscribe(durableEvents.subscription);
  }
  return transport.send(events);
}

/** Looks twice: an event may cause another in a service that was just looked at. */
async function settled(broker: ServiceBroker): Promise<void> {
  const isQuiet = async () => (await eventTransport(broker).backlog()) === 0;
  while (!((await isQuiet()) && (await isQuiet()))) await new Promise((resolve) => setTimeout(resolve, 5));
}
