import type { Endpoint } from "./endpoints.ts";
import { apiPrefix } from "./endpoints.ts";
import type { AliasHandler, RouteOptions } from "./moleculer-web.ts";
import type { Gateway } from "./serve.ts";
import { serve } from "./serve.ts";

/** The gateway's own pages by path, all of them for GET. */
export type Pages = Readonly<Record<`/${string}`, AliasHandler>>;

/** moleculer-web's routes: one for the API, one for what is at the root. What is not listed here does not exist. */
export function routesOf(endpoints: readonly Endpoint[], gateway: Gateway, pages: Pages): RouteOptions[] {
  const aliases = (atRoot: boolean) =>
    endpoints
      .filter(({ route }) => (route.atRoot ?? false) === atRoot)
      .map((endpoint) => [`${endpoint.route.method} ${colons(endpoint.route.path)}`, serve(endpoint, gateway)] as const);
  const pageAliases = Object.entries(pages).map(([path, handler]) => [`GET ${colons(path)}`, handler] as const);
  return [route(apiPrefix, aliases(false)), route("/", [...aliases(true), ...pageAliases])];
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

/** `{name}` in contracts is `:name` in moleculer-web. */
function colons(path: string): string {
  return path.replace(/\{(\w+)\}/g, ":$1");
}
