import type { ServiceSchema } from "moleculer";
import moleculer from "moleculer";
import type { Config } from "../../config/index.ts";
import { onEveryNode } from "../../config/services.ts";
import type { ServiceContract } from "../../mixins/contract/contract.ts";
import { brokerOptions } from "../../mixins/service/broker-options.ts";
import { definitionOf } from "../../mixins/service/definition.ts";
import { loadContracts, loadSchema } from "../../mixins/service/load-services.ts";
import type { NodeMetrics } from "../../mixins/observability/metrics/node-metrics.ts";
import type { NodeTracing } from "../../mixins/observability/tracing/node-tracing.ts";
import { requestCounter } from "../operations/handled-requests.ts";
import { internalPort } from "../../mixins/service/admin-port.ts";
import { operatorConsole } from "../operations/console/operator-console.ts";

/**
 * Creates a node with its services, ready to start.
 *
 * @param console true when the node has an operator's console
 */
export async function createNode(config: Config, { console = false } = {}): Promise<moleculer.ServiceBroker> {
  const contracts = await loadContracts(config);
  const schemas = await schemasOf(config);
  const { middlewares, replOptions } = console
    ? operatorConsole()
    : { middlewares: [], replOptions: undefined };
  const options = brokerOptions(config, contracts);
  const metrics = config.internal.port === undefined ? undefined : await measuring(contracts);
  const tracing =
    config.traces.url === undefined ? undefined : await tracingTo(config.traces.url, config, contracts);
  const broker = new moleculer.ServiceBroker({
    ...options,
    middlewares: [
      ...(tracing ? [tracing.middleware] : []),
      ...(metrics ? [metrics.innermost] : []),
      requestCounter(),
      internalPort(config.internal),
      ...middlewares,
      ...(options.middlewares ?? []),
    ],
    replOptions,
  });
  metrics?.start(broker);
  tracing?.start(broker);
  for (const schema of schemas) broker.createService(schema);
  return broker;
}

/** Imported only when metrics are on. */
async function measuring(contracts: readonly ServiceContract[]): Promise<NodeMetrics> {
  const { nodeMetrics } = await import("../../mixins/observability/metrics/node-metrics.ts");
  return nodeMetrics(contracts);
}

async function tracingTo(
  url: string,
  config: Config,
  contracts: readonly ServiceContract[],
): Promise<NodeTracing> {
  const { nodeTracing } = await import("../../mixins/observability/tracing/node-tracing.ts");
  return nodeTracing(config, url, contracts);
}

/** @throws ConfigError when the password of a service's database is missing */
async function schemasOf({ installed, services, database }: Config): Promise<ServiceSchema[]> {
  const schemas = await Promise.all(
    installed.filter(({ name }) => name === onEveryNode || services.includes(name)).map(loadSchema),
  );
  if (database.engine === "mysql")
    for (const schema of schemas) if (definitionOf(schema)?.migrations) database.login(schema.name);
  return schemas;
}
