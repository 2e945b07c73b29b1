import { z } from "zod";
import type { ActionName } from "../../../mixins/contract/calls.ts";
import type {
  ActionContract,
  Route,
  RouteClass,
  ServiceContract,
} from "../../../mixins/contract/contract.ts";
import { gatewayParams, pathParams, routeClassOf } from "../../../mixins/contract/contract.ts";
import type { ParamDecoder } from "../request/decode-param.ts";
import { paramDecoderFor, headerRules } from "../request/decode-param.ts";

/** Path prefix of the API. */
export const apiPrefix = "/api/v1";

export interface HeaderParam {
  readonly name: string;
  /** In lower case, as in Node's `headers`. */
  readonly header: string;
  readonly required: boolean;
}

/** An action with a REST route, and everything about its requests that can be precomputed. */
export interface Endpoint {
  readonly action: ActionName;
  readonly service: string;
  readonly contract: ActionContract;
  readonly route: Route;
  /** Rate-limit class of its requests. */
  readonly limit: RouteClass;
  /** Public path with `{name}` placeholders. */
  readonly path: string;
  readonly fromPath: readonly string[];
  readonly fromHeaders: readonly HeaderParam[];
  /** Names rejected in query and body: they come from the path, a header or the gateway. */
  readonly reservedNames: ReadonlySet<string>;
  /** Decoders of query params by name. */
  readonly decode: ReadonlyMap<string, ParamDecoder>;
  /** Query params that are records: a query has `name.key=text` for each entry. */
  readonly records: ReadonlySet<string>;
  /** True when its requests carry an idempotency key. */
  readonly hasIdempotencyKey: boolean;
  /** True when its params come as a JSON object in the body. */
  readonly takesBody: boolean;
  /** True when the result is one page of a list. */
  readonly isPage: boolean;
}

/** Collects the routes that contracts declare; actions without a route are unreachable from outside. */
export function endpointsOf(contracts: readonly ServiceContract[]): Endpoint[] {
  return contracts.flatMap((service) =>
    Object.entries(service.actions).flatMap(([key, contract]) =>
      contract.route ? [endpoint(service.name, key, contract, contract.route)] : [],
    ),
  );
}

function endpoint(service: string, key: string, contract: ActionContract, route: Route): Endpoint {
  const { properties = {}, required = [] } = z.toJSONSchema(contract.params, { io: "input" });
  const fromPath = pathParams(route.path);
  const fromHeaders = Object.entries(route.headers ?? {}).map(([name, header]) => ({
    name,
    header: header.toLowerCase(),
    required: required.includes(name),
  }));
  return {
    action: `${service}.${key}` as ActionName,
    service,
    contract,
    route,
    limit: routeClassOf(route),
    path: route.atRoot ? route.path : apiPrefix + route.path,
    fromPath,
    fromHeaders,
    reservedNames: new Set([...fromPath, ...fromHeaders.map(({ name }) => name), ...gatewayParams(route)]),
    decode: new Map(
      Object.entries(properties).map(([name, schema]) => {
        const header = fromHeaders.find((param) => param.name === name)?.header;
        return [name, (header && headerRules.get(header)?.decode) || paramDecoderFor(schema)];
      }),
    ),
    records: new Set(Object.keys(properties).filter((name) => isRecord(properties[name]))),
    hasIdempotencyKey: fromHeaders.some(({ header }) => header === "idempotency-key"),
    takesBody:
      !route.upload &&
      !route.rawBody &&
      (route.method === "POST" || route.method === "PUT" || route.method === "PATCH"),
    isPage: hasField(contract.result, "nextCursor"),
  };
}

function isRecord(schema: z.core.JSONSchema.BaseSchema | boolean | undefined): boolean {
  return typeof schema === "object" && schema.type === "object" && schema.properties === undefined;
}

function hasField(schema: z.core.$ZodType, name: string): boolean {
  return schema instanceof z.ZodObject && Object.hasOwn(schema.shape, name);
}
