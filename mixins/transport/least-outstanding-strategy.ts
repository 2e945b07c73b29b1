import type { Context, Endpoint, ServiceBroker } from "moleculer";
import moleculer from "moleculer";
import { outstandingRequests } from "./outstanding-requests.middleware.ts";

/**
 * Picks the node with the fewest outstanding requests of this node, round robin among equals; slow, starting
 * or hanging nodes so get fewer requests. Each round starts at a random node: request patterns whose period
 * equals the number of nodes would otherwise always hit the same one.
 */
export class LeastOutstandingStrategy extends moleculer.Strategies.Base {
  declare readonly broker: ServiceBroker;
  #step = 0;
  #offset = 0;

  override select(endpoints: Endpoint[], _ctx?: Context): Endpoint {
    const first = this.#nextIndex(endpoints.length);
    let [chosen, fewest] = [endpoints[first] as Endpoint, Number.POSITIVE_INFINITY];
    for (let step = 0; step < endpoints.length && fewest > 0; step += 1) {
      const endpoint = endpoints[(first + step) % endpoints.length] as Endpoint;
      const count = outstandingRequests(this.broker, endpoint.node.id);
      if (count < fewest) [chosen, fewest] = [endpoint, count];
    }
    return chosen;
  }

  #nextIndex(count: number): number {
    if (this.#step === 0) this.#offset = Math.floor(Math.random() * count);
    const next = (this.#offset + this.#step) % count;
    this.#step = (this.#step + 1) % count;
    return next;
  }
}
