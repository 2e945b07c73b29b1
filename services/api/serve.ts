import type { ServerResponse } from "node:http";
import type { Context } from "moleculer";
import type { Client, ShopMeta } from "../../mixins/shop-service.ts";
import { authorize } from "../contract/authorize.ts";
import type { Authentication } from "./authentication.ts";
import type { Endpoint } from "./endpoints.ts";
import type { AliasHandler, GatewayRequest } from "./moleculer-web.ts";
import { readParams } from "./request.ts";
import { respond } from "./respond.ts";

/** What the gateway needs besides the request. */
export interface Gateway {
  readonly authentication: Authentication;
  readonly clientOf: (request: GatewayRequest) => Client;
}

/** The handler of an endpoint: who is it, may they, what do they want, do it, answer. */
export function serve(endpoint: Endpoint, gateway: Gateway): AliasHandler {
  return (request, response, fail) => {
    handle(endpoint, gateway, request, response).catch(fail);
  };
}

async function handle(endpoint: Endpoint, gateway: Gateway, request: GatewayRequest, response: ServerResponse) {
  const { authentication, clientOf } = gateway;
  const caller = await authentication.callerOf(request.headers.authorization);
  authorize(endpoint.contract.access, caller);
  const params = await readParams(request, endpoint);

  const ctx: Context<unknown, ShopMeta> = request.$ctx;
  const meta: ShopMeta = { caller, client: clientOf(request) };
  const result: unknown = await ctx.call(endpoint.action, params, { meta });

  // A user's own change, such as logging out, shows at once at least here; elsewhere within a second.
  if (caller.kind === "user" && endpoint.service === "users" && endpoint.takesBody)
    authentication.forget(caller.sessionId);
  respond(request, response, endpoint, caller, result ?? null);
}
