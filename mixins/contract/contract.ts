import type { z } from "zod";
import type { ErrorCode } from "./errors.ts";
import type { Permission } from "./permissions.ts";

/** Who may call an action. Every contract states it; the default is to deny. */
export type Access =
  /** Everyone, guests included. */
  | "anyone"
  /** Any user, for their own data. */
  | "signed-in"
  /** Users and guests, who buy; neither machines nor the bearers of order tokens. */
  | "shopper"
  /** Other services and operators; the action has no route. */
  | "internal"
  /** Staff with that permission. */
  | { readonly permission: Permission }
  /**
   * Users for their own data, staff with that permission for all; the handler filters by `ownerFilter`. With
   * `orderToken`, the name of the param with an order's id, the bearer of that order's token as well.
   */
  | { readonly ownerOr: Permission; readonly orderToken?: string }
  /** Users for their own orders, and the bearer of an order's token; names the param with the order's id. */
  | { readonly buyerOf: string }
  /**
   * Staff with that permission for all data; members of a merchant whose role includes it for that
   * merchant's. The handler filters by `merchantFilter`.
   */
  | { readonly merchantOr: Permission };

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Rate-limit classes. */
export const routeClasses = ["reads", "writes", "auth", "coupons", "expensive"] as const;
export type RouteClass = (typeof routeClasses)[number];

/**
 * REST route of an action. Path params come from the path, those in `headers` from headers, the rest from the
 * query (GET, DELETE) or the JSON body (POST, PUT, PATCH). No source can set another's params.
 */
export interface Route {
  readonly method: HttpMethod;
  /** Below `/api/v1`, with `{name}` for path params. */
  readonly path: `/${string}`;
  /** Status on success; by default 200, or 204 when the result is null. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Params from headers: `{ cartToken: "X-Cart-Token" }`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `public`: the same for all callers, cacheable, with an ETag. `private` (default): `no-store`. */
  readonly caching?: "public" | "private";
  /** `Location` of the created resource, with `{field}` or `{field.field}` from the result. */
  readonly location?: `/${string}`;
  /** Served at the root instead of below `/api/v1` (`/.well-known/jwks.json`). */
  readonly atRoot?: boolean;
  /** Rate-limit class; by default derived from method and path (`routeClassOf`). */
  readonly limit?: RouteClass;
  /**
   * Enables the login throttle, which counts wrong passwords and codes. Names the param that identifies the
   * account, or several of which one is given; `caller`: the signed-in user's.
   */
  readonly guesses?: string | readonly string[];
  /** Param with the optional device token of a returning user. */
  readonly knownBy?: string;
  /**
   * The result, with an `id`, is what the signed-in caller looked at: the gateway hints so, after its response
   * and at most once (`api.viewed`).
   */
  readonly views?: "product";
  /** On success, marks the sender's address as trusted for the result's `user`. */
  readonly signsIn?: boolean;
  /** Issues tokens: the gateway ignores an access token sent along. */
  readonly ignoresToken?: boolean;
  /** The body is a file, which the action streams from its context's `body`. */
  readonly upload?: Upload;
  /** The body is passed on unparsed, because its signature covers the raw bytes. */
  readonly rawBody?: RawBody;
  /** The response is a file, which the gateway fetches part by part. */
  readonly download?: Download;
  /** The response is a document, in a media type negotiated by `Accept`. */
  readonly document?: DocumentForms;
}

/** A short raw body, passed in base64. The action's other params come from the query. */
export interface RawBody {
  /** Param that receives the body. */
  readonly param: string;
  readonly mediaTypes: readonly [string, ...string[]];
  /** Larger bodies are `payload-too-large`. */
  readonly maxBytes: number;
  /** Responses in the senders' own formats. */
  readonly acknowledgements?: Acknowledgements;
}

/** Responses to successful requests by the value of a path param; other values get the action's result. */
export interface Acknowledgements {
  readonly param: string;
  readonly responses: Readonly<Record<string, Acknowledgement>>;
}

/** A fixed response of status 200. */
export interface Acknowledgement {
  readonly mediaType: string;
  readonly text: string;
}

/** A streamed body. The action's other params come from the query. */
export interface Upload {
  readonly mediaTypes: readonly [string, ...string[]];
  /** Larger bodies are `payload-too-large`. */
  readonly maxBytes: number;
  /** Param that receives the media type. */
  readonly mediaTypeParam: string;
}

/**
 * A file response. The gateway calls the action for one part (`FilePart`) after the other, on any node, at
 * the client's pace.
 */
export interface Download {
  /** Param with the index of the part, from 0. */
  readonly partParam: string;
}

/** A document in several media types. The action's result is a `Document`; it is never public. */
export interface DocumentForms {
  /** The first is the default; a client that accepts none of them gets `not-acceptable`. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** Param that receives the media type. */
  readonly mediaTypeParam: string;
}

/** Fair queues of a node, by resource. */
export type FairQueueName = "hashing";
/**
 * Weight classes of a fair queue; `returning`: users who are signed in, or were before from the same address
 * or device.
 */
export type WeightClass = "returning" | "sign-in" | "other";

/** The queue of a scarce resource of the node, shared with other actions. */
export interface SharedQueue {
  readonly name: FairQueueName;
  readonly weightClass: Exclude<WeightClass, "returning">;
}

/** A queue of one action. */
export interface OwnQueue {
  readonly concurrency: number;
  /** Maximum queue length. */
  readonly maxWaiting: number;
}

/** Contract of an action. Types, validation, routes, OpenAPI and permissions derive from it. */
export interface ActionContract<
  P extends z.core.$ZodType = z.core.$ZodType,
  R extends z.core.$ZodType = z.core.$ZodType,
  E extends ErrorCode = ErrorCode,
  A extends Access = Access,
> {
  /** One line, in the words of the shop. */
  readonly summary: string;
  readonly description?: string;
  readonly access: A;
  /**
   * Requires a recent authentication of users (`stepUpMs`); for harmful or irreversible actions, see
   * `step-up.ts`.
   */
  readonly stepUp?: boolean;
  /**
   * The action moves money (see `money-rule.ts`): staff need a recent step-up, API keys need `money:write` as
   * well. Users who act as the owner are exempt.
   */
  readonly movesMoney?: boolean;
  readonly route?: Route;
  /** A strict object: rejects unknown keys. */
  readonly params: P;
  readonly result: R;
  /** Codes that the action itself raises, besides `commonErrors`. */
  readonly errors: readonly E[];
  /** Whether callers may retry when the outcome of an attempt is unknown. */
  readonly idempotent: boolean;
  /**
   * Default target of reads: `replica` tolerates replication lag, `primary` is current. Reads inside a
   * transaction always use the primary.
   */
  readonly reads?: "replica" | "primary";
  /**
   * For results that are the same for all callers: maximum age of a cached one, in milliseconds. Changes that
   * the service publishes invalidate it earlier. Staff bypass the cache.
   */
  readonly cache?: { readonly maxAgeMs: number };
  /**
   * The result's texts are in the language of the param `locale` (`localized.ts`). The gateway chooses it by
   * `?locale=` or `Accept-Language` and omits the shop's default.
   */
  readonly localized?: boolean;
  /** Bounds its concurrency on a node; see `mixins/transport/fair-queue.ts`. */
  readonly fairQueue?: SharedQueue | OwnQueue;
  /** Milliseconds; the broker's `requestTimeout` when absent. */
  readonly timeout?: number;
}

/** Declares an action. */
export function action<
  P extends z.core.$ZodType,
  R extends z.core.$ZodType,
  const A extends Access,
  const E extends ErrorCode = never,
>(contract: ActionContract<P, R, E, A>): ActionContract<P, R, E, A> {
  return contract;
}

/**
 * The entity that an event concerns, by which the audit trail is searched. `id` and `entityFrom` are paths in
 * the payload (`orderId`, `approval.id`).
 */
export type EventSubject = { readonly id: string } & (
  | { readonly entity: string }
  | { readonly entityFrom: string }
);

/** A durable event: takes effect exactly once at every consuming service, across crashes. */
export interface EventContract<P extends z.core.$ZodType = z.core.$ZodType> {
  /** One line: when the event is published. */
  readonly summary: string;
  readonly about: EventSubject;
  readonly payload: P;
  /** Coordinates the shop's own services, or tells what other systems must not learn: webhooks never send it. */
  readonly internal?: boolean;
  /** Fields of the payload that webhooks omit, such as personal data. */
  readonly confidential?: readonly string[];
}

/** Declares a durable event. */
export function event<P extends z.core.$ZodType>(contract: EventContract<P>): EventContract<P> {
  return contract;
}

/** In a contract's `consumes`: every event of the installed services. */
export const allEvents = "*";
/** In a contract's `consumes`: every event of the installed services that is not internal. */
export const publicEvents = "public";
/** A set of events that a consumer can name instead of each of them. */
export type EventSet = typeof allEvents | typeof publicEvents;

/** Contract of a service. */
export interface ServiceContract<
  N extends string = string,
  A extends Record<string, ActionContract> = Record<string, ActionContract>,
  V extends Record<string, EventContract> = Record<string, EventContract>,
> {
  readonly name: N;
  readonly summary: string;
  /** Keys without the service's name: `products.list` is called as `catalog.products.list`. */
  readonly actions: A;
  /** Keys without the service's name: `placed` is published as `orders.placed`. */
  readonly events: V;
  /**
   * Full names of consumed events, or an `EventSet`. RabbitMQ queues them while no node of the service runs.
   * The start fails when a consumer handles an event that is not listed. Events of services that are not
   * installed are ignored.
   */
  readonly consumes: readonly string[];
  /** Required services: the start fails when one of them is not installed. */
  readonly needs?: readonly string[];
  /**
   * Optional services: actions that it calls, by full name, with the result of such a call while the service
   * that has the action is not installed.
   */
  readonly uses?: Readonly<Record<string, unknown>>;
}

/**
 * Declares a service's contract.
 *
 * @throws Error when an internal action has a route, a cached action is not public, a localized one has no
 *   param `locale`, a document route is public, or a route names an unknown param
 */
export function defineContract<
  const N extends string,
  A extends Record<string, ActionContract>,
  V extends Record<string, EventContract>,
>(contract: ServiceContract<N, A, V>): ServiceContract<N, A, V> {
  for (const [key, declared] of Object.entries(contract.actions)) {
    if (declared.cache && declared.access !== "anyone")
      throw new Error(`${contract.name}.${key}: only public results are cached`);
    const shape = "shape" in declared.params ? (declared.params.shape as object) : {};
    if (declared.localized && !Object.hasOwn(shape, "locale"))
      throw new Error(`${contract.name}.${key}: a localized action has a param locale`);
    if (!declared.route) continue;
    if (declared.access === "internal")
      throw new Error(`${contract.name}.${key}: internal actions have no route`);
    if (declared.route.document && declared.route.caching === "public")
      throw new Error(`${contract.name}.${key}: a document is never public`);
    const { path, headers = {} } = declared.route;
    for (const name of [...pathParams(path), ...Object.keys(headers), ...gatewayParams(declared.route)])
      if (!Object.hasOwn(shape, name))
        throw new Error(`${contract.name}.${key}: the route names an unknown param ${name}`);
  }
  return contract;
}

/** Names of a route's path params. */
export function pathParams(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
}

/** Params that the gateway sets itself. */
export function gatewayParams({ upload, rawBody, download, document }: Route): string[] {
  const names = [upload?.mediaTypeParam, rawBody?.param, download?.partParam, document?.mediaTypeParam];
  return names.filter((name) => name !== undefined);
}

/** Rate-limit class of a route. */
export function routeClassOf({ limit, path, upload, download, document, method }: Route): RouteClass {
  if (limit) return limit;
  if (path.startsWith("/auth/")) return "auth";
  if (upload || download || document) return "expensive";
  return method === "GET" ? "reads" : "writes";
}

/** Full names of a contract's events. */
export function eventsOf(contract: ServiceContract): string[] {
  return Object.keys(contract.events).map((key) => `${contract.name}.${key}`);
}

export function isEventSet(name: string): name is EventSet {
  return name === allEvents || name === publicEvents;
}
