import { loadConfig } from "./config/index.ts";
import { brokerOptions } from "./mixins/service/broker-options.ts";
import type { ShopBrokerOptions } from "./mixins/service/config-of.ts";
import { loadContracts } from "./mixins/service/load-services.ts";
import { operatorConsole } from "./services/operations/console/operator-console.ts";

/**
 * Broker options for moleculer-runner, on the project's own Node:
 * `npx moleculer-runner -c moleculer.config.ts [--repl] services/users/users.service.ts …`. `npm start` uses
 * the same options and adds the data directory's lock, the first administrator and the internal port.
 */
export default async function optionsForRunner(this: {
  readonly flags: { readonly repl?: boolean };
}): Promise<ShopBrokerOptions> {
  const config = loadConfig();
  const options = brokerOptions(config, await loadContracts(config));
  const console = this.flags.repl ? operatorConsole() : undefined;
  return {
    ...options,
    // The runner merges environment variables into every plain object, frozen or not. A prototype excludes
    // this one.
    shop: Object.freeze(Object.assign(Object.create({}) as object, config)),
    middlewares: [...(console?.middlewares ?? []), ...(options.middlewares ?? [])],
    replOptions: console?.replOptions,
    // The runner leaves signal handling to the broker.
    skipProcessEventRegistration: false,
  };
}
