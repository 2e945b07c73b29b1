import type { BrokerOptions, ServiceBroker } from "moleculer";
import type { Config } from "../../config/index.ts";
import type { ServiceContract } from "../contract/contract.ts";

/** Broker options with the shop's configuration and the contracts of installed services. */
export interface ShopBrokerOptions extends BrokerOptions {
  shop: Config;
  contracts: readonly ServiceContract[];
}

/** Configuration of this node. */
export function configOf(broker: ServiceBroker): Config {
  return (broker.options as ShopBrokerOptions).shop;
}

/** Contracts of all installed services, regardless of the node that runs them. */
export function contractsOf(broker: ServiceBroker): readonly ServiceContract[] {
  return (broker.options as ShopBrokerOptions).contracts;
}
