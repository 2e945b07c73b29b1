import type { ServerResponse } from "node:http";
import type { ServiceBroker } from "moleculer";
import { health } from "../../../mixins/health.ts";
import { allContracts } from "../../contracts.ts";
import type { Endpoint } from "../endpoints.ts";
import { describeApi } from "../openapi.ts";
import type { Pages } from "../routes.ts";
import { explorerPages } from "./explorer.ts";
import { indexOf } from "./index-of-api.ts";
import { problemPages } from "./problem-pages.ts";
import { jsonContent, onDemand, redirect, send, sendNow } from "./send.ts";

/** What the gateway serves by itself. */
export function pages(broker: ServiceBroker, endpoints: readonly Endpoint[]): Pages {
  // What has no route is no business of those outside.
  const reachable = allContracts.filter((contract) => Object.values(contract.actions).some((action) => "route" in action));
  const index = onDemand(() => jsonContent(indexOf(reachable, endpoints)));
  const description = onDemand(() => jsonContent(describeApi(reachable, endpoints)));
  return {
    "/": (_request, response) => redirect(response, "/docs/"),
    "/api": (request, response) => send(request, response, index()),
    "/openapi.json": (request, response) => send(request, response, description()),
    ...explorerPages(),
    ...problemPages(),
    "/health/live": (_request, response) => sendNow(response, 200, { status: "live" }),
    "/health/ready": (_request, response, fail) => {
      sendHealth(broker, response).catch(fail);
    },
  };
}

async function sendHealth(broker: ServiceBroker, response: ServerResponse): Promise<void> {
  const { ready, checks } = await health(broker);
  sendNow(response, ready ? 200 : 503, { status: ready ? "ready" : "not-ready", checks });
}
