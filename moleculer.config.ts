import { loadConfig } from "./config/index.ts";
import { brokerOptions } from "./mixins/broker-options.ts";

/**
 * The framework's options, for its own runner:
 * `moleculer-runner -c moleculer.config.ts services/users/users.service.ts`. The shop's own start (`npm start`) makes
 * the same options and adds what a shop needs around them.
 */
export default brokerOptions(loadConfig());
