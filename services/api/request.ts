import { ShopError } from "../contract/errors.ts";
import type { Receive } from "./arrivals.ts";
import { readJsonObject, readRawBody } from "./body.ts";
import { headerRules } from "./decode.ts";
import type { Endpoint } from "./endpoints.ts";
import type { GatewayRequest } from "./moleculer-web.ts";

export type RawParams = Record<string, unknown>;

/**
 * Gathers an action's params from where its route says they are. A name has one source: what the path or a header
 * gives can be given by neither query nor body. Unknown names are passed on, for the service refuses them.
 *
 * @param receive reads the request's body
 * @throws ShopError when the request cannot be read, or lacks a header that has an error of its own
 */
export async function readParams(request: GatewayRequest, endpoint: Endpoint, receive: Receive): Promise<RawParams> {
  const { originalUrl } = request;
  const question = originalUrl.indexOf("?");
  const query = question === -1 ? undefined : parseQuery(originalUrl.slice(question + 1));

  const headers = readHeaders(request, endpoint);
  let params: RawParams;
  if (endpoint.takesBody) {
    for (const name of query?.keys() ?? []) throw unknownField(name);
    params = await readJsonObject(request, receive);
    for (const name of endpoint.fromElsewhere) if (Object.hasOwn(params, name)) throw unknownField(name);
  } else {
    params = Object.create(null) as RawParams;
    for (const [name, text] of query ?? []) {
      if (endpoint.fromElsewhere.has(name)) throw unknownField(name);
      params[name] = endpoint.decode.get(name)?.(text) ?? text;
    }
  }
  const { rawBody } = endpoint.route;
  if (rawBody) params[rawBody.param] = (await readRawBody(request, rawBody, receive)).toString("base64");
  for (const name of endpoint.fromPath) params[name] = endpoint.decode.get(name)?.(request.$params.params[name] ?? "");
  for (const [name, value] of headers) params[name] = value;
  return params;
}

function readHeaders(request: GatewayRequest, endpoint: Endpoint): [string, unknown][] {
  refuseVainCondition(request, endpoint);
  const values: [string, unknown][] = [];
  for (const { name, header, required } of endpoint.fromHeaders) {
    const text = request.headers[header];
    const value = typeof text === "string" && text !== "" ? endpoint.decode.get(name)?.(text) : undefined;
    if (value !== undefined) values.push([name, value]);
    else if (required) throw new ShopError(headerRules.get(header)?.whenMissing ?? "malformed-request");
  }
  return values;
}

/** A client that names a version relies on it being compared (RFC 9110, 13.1.1); where there is none, it must know. */
function refuseVainCondition({ headers }: GatewayRequest, { route, fromHeaders }: Endpoint): void {
  const condition = headers["if-match"];
  if (condition === undefined || condition === "*" || route.method === "GET") return;
  if (!fromHeaders.some(({ header }) => header === "if-match"))
    throw new ShopError("precondition-failed", "This has no version to compare with; leave If-Match out");
}

/**
 * The names and values of a query, each name once.
 *
 * @throws ShopError `malformed-request` when it is not valid UTF-8, `validation-failed` when a name is repeated
 */
export function parseQuery(query: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decodeText(equals === -1 ? pair : pair.slice(0, equals));
    if (values.has(name)) throw fieldError(name, "repeated", "is given more than once");
    values.set(name, equals === -1 ? "" : decodeText(pair.slice(equals + 1)));
  }
  return values;
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new ShopError("malformed-request", "The query is not valid UTF-8");
  }
}

function unknownField(path: string): ShopError {
  return fieldError(path, "unknown-field", "There is no such field here");
}

function fieldError(path: string, code: string, message: string): ShopError {
  return new ShopError("validation-failed", undefined, { errors: [{ path, code, message }] });
}
