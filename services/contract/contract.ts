import type { z } from "zod";
import type { ErrorCode } from "./errors.ts";
import type { Permission } from "./permissions.ts";

/**
 * Who may call an action. Deny by default: every contract says it.
 *
 * - `anyone`: also without signing in
 * - `signed-in`: any user, for what is their own
 * - `{ permission }`: staff with that permission
 * - `{ ownerOr }`: a user for what is their own, staff with that permission for everyone's;
 *   the handler puts the owner into its query (`ownerFilter`)
 * - `internal`: other services and operators only; such an action cannot have a route
 */
export type Access =
  | "anyone"
  | "signed-in"
  | "internal"
  | { readonly permission: Permission }
  | { readonly ownerOr: Permission };

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Kinds of requests that are limited each by itself. */
export const routeClasses = ["reads", "writes", "auth", "expensive"] as const;
export type RouteClass = (typeof routeClasses)[number];

/**
 * How an action is reached through REST. Names in the path come from the path, those in `headers` from the
 * headers, all others from the query (GET, DELETE) or the JSON body (POST, PUT, PATCH); no source can fill another's.
 */
export interface Route {
  readonly method: HttpMethod;
  /** Below `/api/v1`, with `{name}` for params that come from the path. */
  readonly path: `/${string}`;
  /** Status of success; 200, or 204 when the result is null, unless said otherwise. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Params that come from a header: `{ cartToken: "X-Cart-Token" }`. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * `public`: the answer is the same for everybody and may be cached, it carries an ETag.
   * `private` (default): `no-store`.
   */
  readonly caching?: "public" | "private";
  /** Path of the thing that was made, for the `Location` header, with `{field}` or `{field.field}` from the result. */
  readonly location?: `/${string}`;
  /** Served at the root instead of below `/api/v1` (`/.well-known/jwks.json`). */
  readonly atRoot?: boolean;
  /** As what it is limited, when it is more than its method and path tell (`routeClassOf`). */
  readonly limit?: RouteClass;
  /**
   * A wrong password or code is a wrong guess, and guessing is slowed down. The param that names the account, or `caller`
   * for the one that is signed in.
   */
  readonly guesses?: string;
  /** How one comes by a new token: an old one that is sent along is not looked at. */
  readonly ignoresToken?: boolean;
  /** The body is no JSON object but a file, which the action reads piece by piece from its context's `body`. */
  readonly upload?: Upload;
  /** The body is not read but handed on byte by byte, because someone signed it as it is. */
  readonly rawBody?: RawBody;
  /** The answer is a file, which the gateway fetches part by part. */
  readonly download?: Download;
  /** The answer is a document, in the one of several media types that the client's `Accept` header chooses. */
  readonly document?: DocumentForms;
}

/** A short body that the action gets as it arrived, in base64. The action's other params come from the query then. */
export interface RawBody {
  /** The param that takes it. */
  readonly param: string;
  readonly mediaType: string;
  /** More is `payload-too-large`. */
  readonly maxBytes: number;
}

/** A body that nobody holds as a whole. The action's other params come from the query then. */
export interface Upload {
  readonly mediaTypes: readonly [string, ...string[]];
  /** More is `payload-too-large`. */
  readonly maxBytes: number;
  /** The param that tells the action which of the media types it is. */
  readonly mediaTypeParam: string;
}

/**
 * A file as an answer. The action is called for one part after the other, as fast as the client takes them, on
 * whichever node is there; its result is a `FilePart`.
 */
export interface Download {
  /** The param that tells the action which part is wanted, from 0. */
  readonly partParam: string;
}

/** A document for people that comes in several forms. The action's result is a `Document`; it is never public. */
export interface DocumentForms {
  /** The first one is for clients that accept anything; a client that accepts none of them is `not-acceptable`. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** The param that tells the action which of the media types is wanted. */
  readonly mediaTypeParam: string;
}

/** What calls take turns at. */
export type TurnKind = "hashing";
/** Each lane has its share of the turns; `familiar` is for users who are signed in, or were before from the same place. */
export type TurnLane = "familiar" | "sign-in" | "other";

/** Everything that others may know about an action. Types, validation, routes, OpenAPI and permissions come from it. */
export interface ActionContract<
  P extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
  E extends ErrorCode = ErrorCode,
  A extends Access = Access,
> {
  /** One line, in the words of the shop. */
  readonly summary: string;
  readonly description?: string;
  readonly access: A;
  /** For what can do great harm (see `step-up.ts`): a user must have shown a short while ago that it is they (`stepUpMs`). */
  readonly stepUp?: boolean;
  readonly route?: Route;
  /** A strict object: unknown keys are refused. */
  readonly params: P;
  readonly result: R;
  /** The coded errors that this action raises by itself, besides those of the kit. */
  readonly errors: readonly E[];
  /** Whether a caller may send it again when it does not know what became of the first try. */
  readonly idempotent: boolean;
  /**
   * Where the action reads from by default: `replica` for what may be a moment old, `primary` for what must be
   * current. Reads inside a transaction always go to the primary.
   */
  readonly reads?: "replica" | "primary";
  /**
   * For answers that are the same for everybody: how old one may be when it is given again, in milliseconds. Changes
   * that the service publishes end it sooner. Staff always get a new one.
   */
  readonly cache?: { readonly maxAgeMs: number };
  /** For work that takes something scarce of its node, with other actions that do: see `mixins/turns`. */
  readonly turn?: { readonly of: TurnKind; readonly lane: Exclude<TurnLane, "familiar"> };
  /** At most so many at once on a node, and so many waiting: for work that would starve the rest. */
  readonly bulkhead?: { readonly concurrency: number; readonly queue: number };
  /** Milliseconds; the broker's request timeout when absent. */
  readonly timeout?: number;
}

/** Declares an action. */
export function action<
  P extends z.ZodType,
  R extends z.ZodType,
  const A extends Access,
  const E extends ErrorCode = never,
>(contract: ActionContract<P, R, E, A>): ActionContract<P, R, E, A> {
  return contract;
}

/** A durable event: it takes effect exactly once at every service that consumes it, whatever is killed meanwhile. */
export interface EventContract<P extends z.ZodType = z.ZodType> {
  /** One line: when it happens. */
  readonly summary: string;
  readonly payload: P;
}

/** Declares a durable event. */
export function event<P extends z.ZodType>(contract: EventContract<P>): EventContract<P> {
  return contract;
}

/** What a service promises to the others. */
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
  /** Full names of the events that it takes in; RabbitMQ keeps them for it, also while none of its nodes runs. */
  readonly consumes: readonly string[];
}

/**
 * Declares a service's contract.
 *
 * @throws Error when an internal action has a route, an answer is kept that is not public, or a route's path names a
 * param that does not exist.
 */
export function defineContract<
  const N extends string,
  A extends Record<string, ActionContract>,
  V extends Record<string, EventContract>,
>(contract: ServiceContract<N, A, V>): ServiceContract<N, A, V> {
  for (const [key, declared] of Object.entries(contract.actions)) {
    if (declared.cache && declared.access !== "anyone") throw new Error(`${contract.name}.${key}: only public answers are kept`);
    if (!declared.route) continue;
    if (declared.access === "internal") throw new Error(`${contract.name}.${key}: internal actions have no route`);
    if (declared.route.document && declared.route.caching === "public")
      throw new Error(`${contract.name}.${key}: a document is never public`);
    const shape = "shape" in declared.params ? (declared.params.shape as object) : {};
    const { path, headers = {} } = declared.route;
    for (const name of [...pathParams(path), ...Object.keys(headers), ...gatewayParams(declared.route)])
      if (!Object.hasOwn(shape, name)) throw new Error(`${contract.name}.${key}: the route names an unknown ${name}`);
  }
  return contract;
}

/** Names between braces in a route's path. */
export function pathParams(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
}

/** The params that the gateway fills in by itself. */
export function gatewayParams({ upload, rawBody, download, document }: Route): string[] {
  const names = [upload?.mediaTypeParam, rawBody?.param, download?.partParam, document?.mediaTypeParam];
  return names.filter((name) => name !== undefined);
}

/** As what requests to a route are limited. */
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

/** The contract's actions by full name. */
export type ActionsOf<C> =
  C extends ServiceContract<infer N, infer A, infer _V> ? { [K in keyof A & string as `${N}.${K}`]: A[K] } : never;

/** The contract's events by full name. */
export type EventsOf<C> =
  C extends ServiceContract<infer N, infer _A, infer V> ? { [K in keyof V & string as `${N}.${K}`]: V[K] } : never;
