import type { ServiceSchema } from "moleculer";
import moleculer from "moleculer";
import type { Config, ServiceName } from "../../config/index.ts";
import { brokerOptions } from "../../moleculer.config.ts";
import { operatorConsole } from "./operator-console.ts";

/**
 * A node of the shop with its services, ready to be started.
 *
 * @param console whether someone will call actions from the node's console
 */
export async function createNode(config: Config, { console = false } = {}): Promise<moleculer.ServiceBroker> {
  const schemas = await Promise.all(config.services.map(loadService));
  const broker = new moleculer.ServiceBroker({
    ...brokerOptions(config),
    ...(console ? { middlewares: [operatorConsole], replOptions: { delimiter: "shop $" } } : {}),
  });
  for (const schema of schemas) broker.createService(schema);
  return broker;
}

async function loadService(name: ServiceName): Promise<ServiceSchema> {
  const module = (await import(`../${name}/${name}.service.ts`)) as { default: ServiceSchema };
  return module.default;
}
