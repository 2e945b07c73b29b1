import type { Endpoint } from "./endpoints.ts";
import type { AliasHandler, ContractRoute, RouteOptions } from "./moleculer-web.ts";
import type { LimitClass } from "../limits/rate-limits.ts";
import type { Gateway } from "../request/handle-request.ts";
import { requestHandler } from "../request/handle-request.ts";

/** A page and its rate-limit class; a bare handler counts as `reads`. */
export type Page =
  | AliasHandler
  | {
      readonly limit: LimitClass;
      readonly handler: AliasHandler;
      /** It takes as long as the client needs, and does not count as in flight. */
      readonly streams?: true;
    };

/** The gateway's own pages by path; all use GET. */
export type Pages = Readonly<Record<`/${string}`, Page>>;

/** Routes of contracts, which the gateway dispatches without moleculer-web. */
export function contractRoutes(endpoints: readonly Endpoint[], gateway: Gateway): ContractRoute[] {
  return endpoints.map((endpoint) => ({
    method: endpoint.route.method,
    fullPath: colons(endpoint.path),
    handle: requestHandler(endpoint, gateway),
  }));
}

/** moleculer-web's route for pages. */
export function pagesRoute(pages: Pages, gateway: Gateway): RouteOptions {
  return route(
    "/",
    Object.entries(pages).map(([path, page]) => [`GET ${colons(path)}`, pageHandler(page, gateway)] as const),
  );
}

function pageHandler(page: Page, { limits, limiter, clientOf }: Gateway): AliasHandler {
  const { limit, handler, streams } =
    typeof page === "function" ? { limit: "reads" as const, handler: page, streams: false } : page;
  return (request, response, fail) => {
    limits.countAddress(limit, clientOf(request).address, response);
    if (streams) limiter.release(request);
    handler(request, response, fail);
  };
}

function route(path: string, aliases: readonly (readonly [string, AliasHandler])[]): RouteOptions {
  return {
    path,
    aliases: Object.fromEntries(aliases),
    mappingPolicy: "restrict",
    bodyParsers: false,
    mergeParams: false,
    logging: false,
  };
}

/** Converts `{name}` of contracts to moleculer-web's `:name`. */
function colons(path: string): string {
  return path.replace(/\{(\w+)\}/g, ":$1");
}
