import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Service, ServiceBroker } from "moleculer";
import type { ServiceName } from "../../config/index.ts";
import { loadConfig, serviceNames } from "../../config/index.ts";
import type { Database } from "../../mixins/database/database.ts";
import type { ActionName, Input, Result } from "../../services/contract/calls.ts";
import type { Caller } from "../../services/contract/caller.ts";
import { newId } from "../../services/contract/ids.ts";
import { createNode } from "../../services/node/create-node.ts";

/** A shop of its own for a test: embedded shape, fresh directory, contracts checked. */
export interface Shop {
  readonly broker: ServiceBroker;
  /** Where the gateway listens, without a slash at the end; empty when the test does not run it. */
  readonly url: string;
  /** Calls an action directly; as the operator unless said otherwise. */
  call<N extends ActionName>(name: N, params: Input<N>, options?: { as?: Caller }): Promise<Result<N>>;
  /** Resolves when every durable event that was published has taken effect. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export const operator: Caller = { kind: "operator", name: "test" };

/** A signed-in customer as the gateway would vouch for, without an account behind. */
export function customer(userId: string = newId()): Caller & { kind: "user" } {
  return { kind: "user", userId, sessionId: newId(), role: "customer", permissions: [] };
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
    CHECK_CONTRACTS: "true",
    SERVICES: (options.services ?? serviceNames).join(","),
    NODE_ID: newId(),
    ...options.env,
  });
  const broker = await createNode(config);
  options.prepare?.(broker);
  await broker.start();

  return {
    broker,
    url: gatewayUrl(broker),
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

/** Polls, because an event may cause further events in other services. */
async function settled(broker: ServiceBroker): Promise<void> {
  const databases = broker.services.flatMap((service) => {
    const { database, schema } = service as Service & { database?: Database; schema: { publishes?: boolean } };
    return database && schema.publishes ? [database] : [];
  });
  const waiting = async () => {
    const counts = await Promise.all(
      databases.map((database) => database.select<{ n: number }>("SELECT COUNT(*) AS n FROM outbox WHERE status = 'waiting'")),
    );
    return counts.reduce((sum, [row]) => sum + (row?.n ?? 0), 0);
  };
  while ((await waiting()) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}
