import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context, ServiceSchema } from "moleculer";
import moleculerWeb from "moleculer-web";
import type { ShopMeta } from "../../../mixins/service/action-runtime.ts";

/** The request that handlers receive, as moleculer-web passes it. */
export interface GatewayRequest extends IncomingMessage {
  /** Calls made through it carry its deadline and request id. */
  readonly $ctx: Context<unknown, ShopMeta>;
  /** The alias matched by path and method. */
  readonly $alias: Alias;
  readonly $params: { readonly params: Readonly<Record<string, string>> };
  /** With the query; `url` is cut below the route's prefix. */
  readonly originalUrl: string;
}

/** A handler responds itself, or returns the error that prevents it. */
export type AliasHandler = (
  request: GatewayRequest,
  response: ServerResponse,
  fail: (error: unknown) => void,
) => void;

/** moleculer-web's alias: one path and method. */
export interface Alias {
  readonly method: string;
  /** With the prefix and `:name` placeholders. */
  readonly fullPath: string;
}

/** A route that the gateway dispatches itself. */
export interface ContractRoute extends Alias {
  readonly handle: AliasHandler;
}

/** The contract's form of an alias's path: `/orders/{id}`. */
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
  // Aliases come from contracts, so changes in the registry do not affect them.
  events: _events,
  settings: _settings,
  ...gateway
} = moleculerWeb as unknown as ServiceSchema;

/**
 * moleculer-web reduced to request handling. Keeps `rest`; drops the actions that list and change routes at
 * run time, which any node on the broker could call.
 */
export const gatewayMixin = {
  ...gateway,
  actions: { ...actions, listAliases: false, addRoute: false, removeRoute: false },
  settings: {
    // The service creates its own server. A route list here would be copied, and an empty one would open
    // every action.
    server: false,
    routes: null,
    logRequest: null,
    logRequestParams: null,
    logResponse: null,
    logRouteRegistration: null,
  },
} as unknown as ServiceSchema;
