import type { ServiceContract } from "../../../mixins/contract/contract.ts";
import type { Endpoint } from "../routing/endpoints.ts";
import { apiPrefix } from "../routing/endpoints.ts";

/** Index of the API for exploration by hand: resources and links to documentation. */
export function apiIndex(contracts: readonly ServiceContract[], endpoints: readonly Endpoint[]) {
  return {
    name: "ShopServer",
    prefix: apiPrefix,
    links: {
      documentation: "/docs/",
      description: "/openapi.json",
      events: "/asyncapi.json",
      problems: "/problems",
      live: "/health/live",
      ready: "/health/ready",
    },
    services: contracts.map(({ name, summary }) => ({
      name,
      summary,
      resources: resourcesOf(endpoints.filter(({ service }) => service === name)),
    })),
  };
}

function resourcesOf(endpoints: readonly Endpoint[]) {
  const byPath = Map.groupBy(endpoints, ({ path }) => path);
  return [...byPath].map(([path, here]) => ({ path, methods: here.map(({ route }) => route.method) }));
}
