import type { ActionSchema, ServiceSchema } from "moleculer";
import { z } from "zod";
import type { Access, ActionContract, HttpMethod, Route, ServiceContract } from "../../contract/contract.ts";
import { pathParams } from "../../contract/contract.ts";
import { permissions } from "../../contract/permissions.ts";
import { describedParams } from "./params-json-schema.ts";

/** REST route and access of an action in a plain schema. */
type PlainAction = Omit<ActionSchema, "rest"> & {
  readonly access?: unknown;
  readonly rest?: unknown;
  readonly description?: string;
};

interface RestObject {
  readonly method?: string;
  readonly path?: string;
  readonly basePath?: string;
}

/** The contract derived from a plain service. */
export interface PlainContract {
  readonly contract: ServiceContract;
  /** One line per action whose `rest` has no effect, with the reason. */
  readonly notRouted: readonly string[];
}

const methods: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE"] satisfies HttpMethod[];

/**
 * Derives a contract from a plain schema: a route for each action with `rest`, and the events of its
 * `channels`. Paths follow moleculer-web's `autoAliases`, below the API's prefix.
 */
export function plainContract(schema: ServiceSchema, channels: readonly string[]): PlainContract {
  const actions: Record<string, ActionContract> = {};
  const notRouted: string[] = [];
  for (const [key, action] of Object.entries(merged(schema, "actions"))) {
    const { rest } = (action ?? {}) as PlainAction;
    if (rest === undefined || rest === null || rest === false) continue;
    const routed = actionContract(schema, key, action as PlainAction);
    if (typeof routed === "string") notRouted.push(`${schema.name}.${key} is not routed: ${routed}`);
    else actions[key] = routed;
  }
  const { description } = (schema.metadata ?? {}) as { description?: string };
  const summary = description ?? `The service ${schema.name}`;
  return { contract: { name: schema.name, summary, actions, events: {}, consumes: channels }, notRouted };
}

/** A schema's entries under this key, including those of its mixins; `false` removes one. */
export function merged(schema: Partial<ServiceSchema>, key: "actions" | "channels"): Record<string, unknown> {
  const below = [schema.mixins ?? []].flat().map((mixin) => merged(mixin, key));
  const own = (schema as Record<string, unknown>)[key] as Record<string, unknown> | undefined;
  return Object.assign({}, ...below.toReversed(), own) as Record<string, unknown>;
}

/** @returns its contract, or why it has no route */
function actionContract(schema: ServiceSchema, key: string, action: PlainAction): ActionContract | string {
  const { visibility, access = "signed-in", params } = action;
  const { version, settings = {} } = schema;
  if (visibility !== undefined && visibility !== "published") return `its visibility is ${visibility}`;
  if (version !== undefined || settings.$noServiceNamePrefix)
    return "its full name is not the service's and its own";
  if (!isAccess(access))
    return `its access must be anyone, signed-in or { permission } with one of ${Object.keys(permissions).join(", ")}`;
  const route = routeOf(schema, key, action.rest);
  if (typeof route === "string") return route;
  return {
    summary: action.description ?? `${schema.name}.${key}`,
    access,
    route,
    params: describedParams(typeof params === "object" ? params : {}, pathParams(route.path)),
    result: z.any(),
    errors: [],
    idempotent: route.method === "GET",
  };
}

function isAccess(access: unknown): access is Access {
  if (access === "anyone" || access === "signed-in") return true;
  const { permission } = (access ?? {}) as { permission?: unknown };
  return typeof permission === "string" && Object.hasOwn(permissions, permission);
}

function routeOf({ name, settings }: ServiceSchema, key: string, rest: unknown): Route | string {
  if (Array.isArray(rest)) return "it has several routes, and one is possible";
  const { method, path = key, basePath } = typeof rest === "string" ? parseRest(rest) : (rest as RestObject);
  if (method === undefined) return "it names no method, as in GET /path";
  if (!methods.includes(method)) return `${method} is none of ${methods.join(", ")}`;
  const base = basePath ?? (settings as { rest?: unknown } | undefined)?.rest ?? name;
  if (typeof base !== "string") return "the service has several base paths, and one is possible";
  const whole = `/${base}/${path}`.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");
  if (!/^(?:\/:?[\w.~-]+)+$/.test(whole)) return `${whole} is a pattern, and paths have plain names only`;
  return { method: method as HttpMethod, path: whole.replace(/:(\w+)/g, "{$1}") as `/${string}` };
}

/** `GET /path`; a path without a method matches all methods. */
function parseRest(rest: string): RestObject {
  const [first = "", second] = rest.trim().split(/\s+/);
  return second === undefined ? { path: first } : { method: first, path: second };
}
