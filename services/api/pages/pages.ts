import type { ServiceBroker } from "moleculer";
import { openMediaStore } from "../../../mixins/media/open-media-store.ts";
import { configOf, contractsOf } from "../../../mixins/service/config-of.ts";
import { health } from "../../../mixins/service/health.ts";
import { isDraining } from "../../../mixins/service/lifecycle.ts";
import type { Endpoint } from "../routing/endpoints.ts";
import { describeEvents } from "../openapi/asyncapi.ts";
import { describeApi } from "../openapi/openapi.ts";
import type { Pages } from "../routing/routes.ts";
import { explorerPages } from "./explorer.ts";
import { apiIndex } from "./index-of-api.ts";
import { mediaPage } from "./media.ts";
import { problemPages } from "./problem-pages.ts";
import { cachedReadiness } from "./readiness.ts";
import { jsonContent, lazy, redirect, send, sendUncached } from "./send.ts";

/** Pages that the gateway serves itself. */
export function pages(broker: ServiceBroker, endpoints: readonly Endpoint[]): Pages {
  // Services without routes are internal and are not listed.
  const reachable = contractsOf(broker).filter((contract) =>
    Object.values(contract.actions).some((action) => "route" in action),
  );
  const index = lazy(() => jsonContent(apiIndex(reachable, endpoints)));
  const description = lazy(() => jsonContent(describeApi(reachable, endpoints, configOf(broker).locales)));
  const events = lazy(() => jsonContent(describeEvents(contractsOf(broker))));
  const readiness = cachedReadiness({ check: () => health(broker), isStopping: () => isDraining(broker) });
  return {
    "/": (_request, response) => redirect(response, "/docs/"),
    "/api": (request, response) => send(request, response, index()),
    "/openapi.json": {
      limit: "expensive",
      handler: (request, response) => send(request, response, description()),
    },
    "/asyncapi.json": {
      limit: "expensive",
      handler: (request, response) => send(request, response, events()),
    },
    ...explorerPages(),
    ...problemPages(),
    "/media/{service}/{folder}/{file}": mediaPage(openMediaStore(configOf(broker).media, broker.logger)),
    "/health/live": {
      limit: "health",
      handler: (_request, response) => sendUncached(response, 200, { status: "live" }),
    },
    "/health/ready": {
      limit: "health",
      handler: (_request, response, fail) => {
        readiness().then(
          ({ ready, checks }) =>
            sendUncached(response, ready ? 200 : 503, { status: ready ? "ready" : "not-ready", checks }),
          fail,
        );
      },
    },
  };
}
