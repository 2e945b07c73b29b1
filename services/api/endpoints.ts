import { z } from "zod";
import type { ActionName } from "../contract/calls.ts";
import type { ActionContract, Route, RouteClass, ServiceContract } from "../contract/contract.ts";
import { gatewayParams, pathParams, routeClassOf } from "../contract/contract.ts";
import type { Decode } from "./decode.ts";
import { decoderFor, headerRules } from "./decode.ts";

/** Where the API begins. */
export const apiPrefix = "/api/v1";

export interface HeaderParam {
  readonly name: string;
  /** In small letters, as Node has it. */
  readonly header: string;
  readonly required: boolean;
}

/** An action that can be reached through REST, with all that its requests have in common worked out beforehand. */
export interface Endpoint {
  readonly action: ActionName;
  readonly service: string;
  readonly contract: ActionContract;
  readonly route: Route;
  /** As what its requests are limited. */
  readonly limit: RouteClass;
  /** As clients know it, with `{name}` for what varies. */
  readonly path: string;
  readonly fromPath: readonly string[];
  readonly fromHeaders: readonly HeaderParam[];
  /** Names that a query or body may not give, because they come from the path or a header, or the gateway fills them. */
  readonly fromElsewhere: ReadonlySet<string>;
  /** How a query's text becomes a value, by name. */
  readonly decode: ReadonlyMap<string, Decode>;
  /** Whether its requests carry a key that tells tries of the same intent from each other's. */
  readonly isKeyed: boolean;
  /** Whether its params come as a JSON object in the body. */
  readonly takesBody: boolean;
  /** Whether the result is one page of a list. */
  readonly isPage: boolean;
}

/** Every route that the contracts declare. Nothing else of a service can be reached from outside. */
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
    fromElsewhere: new Set([...fromPath, ...fromHeaders.map(({ name }) => name), ...gatewayParams(route)]),
    decode: new Map(
      Object.entries(properties).map(([name, schema]) => {
        const header = fromHeaders.find((param) => param.name === name)?.header;
        return [name, (header && headerRules.get(header)?.decode) || decoderFor(schema)];
      }),
    ),
    isKeyed: fromHeaders.some(({ header }) => header === "idempotency-key"),
    takesBody: !route.upload && !route.rawBody && (route.method === "POST" || route.method === "PUT" || route.method === "PATCH"),
    isPage: hasField(contract.result, "nextCursor"),
  };
}

function hasField(schema: z.ZodType, name: string): boolean {
  return schema instanceof z.ZodObject && Object.hasOwn(schema.shape, name);
}
