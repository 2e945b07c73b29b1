import type { Context, Endpoint, ServiceBroker } from "moleculer";
import moleculer from "moleculer";
import { requestsInFlight } from "./requests-in-flight.ts";

/**
 * Chooses among the nodes that run an action the one from which this node awaits the fewest answers; in turn among
 * equals. Who is slow, has just started or hangs is so asked for less, without anybody having to tell. Each round of
 * turns begins somewhere else: or requests that come in a pattern as long as the list of nodes, such as one that a
 * node must work for and two that it has kept the answer of, would always give the same node the work.
 */
export class LeastInFlight extends moleculer.Strategies.Base {
  declare readonly broker: ServiceBroker;
  #turn = 0;
  #beginning = 0;

  override select(endpoints: Endpoint[], _ctx?: Context): Endpoint {
    const first = this.#nextTurn(endpoints.length);
    let [chosen, fewest] = [endpoints[first] as Endpoint, Number.POSITIVE_INFINITY];
    for (let step = 0; step < endpoints.length && fewest > 0; step += 1) {
      const endpoint = endpoints[(first + step) % endpoints.length] as Endpoint;
      const count = requestsInFlight(this.broker, endpoint.node.id);
      if (count < fewest) [chosen, fewest] = [endpoint, count];
    }
    return chosen;
  }

  #nextTurn(count: number): number {
    if (this.#turn === 0) this.#beginning = Math.floor(Math.random() * count);
    const next = (this.#beginning + this.#turn) % count;
    this.#turn = (this.#turn + 1) % count;
    return next;
  }
}
