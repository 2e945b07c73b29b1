import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context, ServiceSchema } from "moleculer";
import moleculerWeb from "moleculer-web";
import type { ShopMeta } from "../../mixins/shop-action.ts";

/** A request as moleculer-web hands it to the handler of its alias. */
export interface GatewayRequest extends IncomingMessage {
  /** The context of the gateway's own `rest` action; calls made through it carry its deadline and request id. */
  readonly $ctx: Context<unknown, ShopMeta>;
  /** What its path and method led to. */
  readonly $alias: Alias;
  readonly $params: { readonly params: Readonly<Record<string, string>> };
  /** With the query; `url` is cut below the route's prefix. */
  readonly originalUrl: string;
}

/** A handler answers by itself, or hands over the error because of which it cannot. */
export type AliasHandler = (request: GatewayRequest, response: ServerResponse, fail: (error: unknown) => void) => void;

/** One path and method, as moleculer-web keeps it. */
export interface Alias {
  readonly method: string;
  /** With the prefix, and `:name` for what varies. */
  readonly fullPath: string;
}

/** An alias's path as contracts have it: `/orders/{id}`. */
export function templateOf({ fullPath }: Alias): string {
  return fullPath.replace(/:(\w+)/g, "{$1}");
}

export interface RouteOptions {
  readonly path: string;
  readonly aliases: Readonly<Record<string, AliasHandler>>;
  readonly mappingPolicy: "restrict";
  readonly bodyParsers: false;
  readonly mergeParams: false;
  readonly logging: false;
}

const {
  actions = {},
  // Aliases come from contracts, so nobody's coming or going changes them.
  events: _events,
  settings: _settings,
  ...gateway
} = moleculerWeb as unknown as ServiceSchema;

/**
 * moleculer-web with its request handling only. `rest` stays; the actions that list and change routes while the
 * gateway runs are not offered to anyone who can reach the broker.
 */
export const gatewayMixin = {
  ...gateway,
  actions: { ...actions, listAliases: false, addRoute: false, removeRoute: false },
  settings: {
    // The service brings its own server; a route list here would be copied, and an empty one opens every action.
    server: false,
    routes: null,
    logRequest: null,
    logRequestParams: null,
    logResponse: null,
    logRouteRegistration: null,
  },
} as unknown as ServiceSchema;
