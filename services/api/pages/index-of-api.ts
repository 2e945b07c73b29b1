import type { ServiceContract } from "../../contract/contract.ts";
import type { Endpoint } from "../endpoints.ts";
import { apiPrefix } from "../endpoints.ts";

/** The entrance for whoever explores the API by hand: what there is and where to read on. */
export function indexOf(contracts: readonly ServiceContract[], endpoints: readonly Endpoint[]) {
  return {
    name: "ShopServer",
    prefix: apiPrefix,
    links: {
      documentation: "/docs/",
      description: "/openapi.json",
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
