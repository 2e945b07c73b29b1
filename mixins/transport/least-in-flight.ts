import type { Context, Endpoint, ServiceBroker } from "moleculer";
import moleculer from "moleculer";
import { requestsInFlight } from "./requests-in-flight.ts";

/**
 * Chooses among the nodes that run an action the one from which this node awaits the fewest answers; in turn among
 * equals. Who is slow, has just started or hangs is so asked for less, without anybody having to tell.
 */
export class LeastInFlight extends moleculer.Strategies.Base {
  declare readonly broker: ServiceBroker;
  #first = 0;

  override select(endpoints: Endpoint[], _ctx?: Context): Endpoint {
    this.#first = (this.#first + 1) % endpoints.length;
    let [chosen, fewest] = [endpoints[this.#first] as Endpoint, Number.POSITIVE_INFINITY];
    for (let step = 0; step < endpoints.length && fewest > 0; step += 1) {
      const endpoint = endpoints[(this.#first + step) % endpoints.length] as Endpoint;
      const count = requestsInFlight(this.broker, endpoint.node.id);
      if (count < fewest) [chosen, fewest] = [endpoint, count];
    }
    return chosen;
  }
}
