import type { BrokerOptions, ServiceBroker } from "moleculer";
import type { Config } from "../config/index.ts";

/** Broker options that carry the shop's configuration to its services. */
export interface ShopBrokerOptions extends BrokerOptions {
  shop: Config;
}

/** The configuration that this node was started with. */
export function configOf(broker: ServiceBroker): Config {
  return (broker.options as ShopBrokerOptions).shop;
}
