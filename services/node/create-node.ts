import type { ServiceSchema } from "moleculer";
import moleculer from "moleculer";
import type { Config, ServiceName } from "../../config/index.ts";
import { removeProtections } from "../../config/protections.ts";
import { brokerOptions } from "../../mixins/broker-options.ts";
import type { NodeMetrics } from "../../mixins/metrics/node-metrics.ts";
import type { NodeTracing } from "../../mixins/tracing/node-tracing.ts";
import { requestCounter } from "../operations/handled-requests.ts";
import { allContracts } from "../contracts.ts";
import { internalPort } from "./internal-port.ts";
import { operatorConsole } from "./operator-console.ts";

/**
 * A node of the shop with its services and those for its operators, ready to be started.
 *
 * @param console whether someone will call actions from the node's console
 */
export async function createNode(config: Config, { console = false } = {}): Promise<moleculer.ServiceBroker> {
  removeProtections(config.withoutProtections);
  const schemas = await Promise.all([...config.services, "operations" as const].map(loadService));
  const { middlewares, replOptions } = console ? operatorConsole() : { middlewares: [], replOptions: undefined };
  const options = brokerOptions(config);
  const metrics = config.internal.port === undefined ? undefined : await measuring();
  const tracing = config.traces.url === undefined ? undefined : await tracingTo(config.traces.url, config);
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
  for (const name of config.withoutProtections) broker.logger.fatal(`this node works without ${name}, for a test: it loses data`);
  metrics?.begin(broker);
  tracing?.begin(broker);
  for (const schema of schemas) broker.createService(schema);
  return broker;
}

/** Loaded only where it is wanted. */
async function measuring(): Promise<NodeMetrics> {
  const { nodeMetrics } = await import("../../mixins/metrics/node-metrics.ts");
  return nodeMetrics(allContracts);
}

async function tracingTo(url: string, config: Config): Promise<NodeTracing> {
  const { nodeTracing } = await import("../../mixins/tracing/node-tracing.ts");
  return nodeTracing(config, url, allContracts);
}

async function loadService(name: ServiceName | "operations"): Promise<ServiceSchema> {
  const module = (await import(`../${name}/${name}.service.ts`)) as { default: ServiceSchema };
  return module.default;
}
