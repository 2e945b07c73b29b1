import { ShopError } from "../../../mixins/contract/errors.ts";
import type { ReadBody } from "./slow-body-guard.ts";
import { readJsonObject, readRawBody } from "./read-body.ts";
import { headerRules } from "./decode-param.ts";
import type { Endpoint } from "../routing/endpoints.ts";
import type { GatewayRequest } from "../routing/moleculer-web.ts";

export type RawParams = Record<string, unknown>;

/**
 * Collects an action's params from the sources its route names. Each name has one source: a name from the
 * path or a header is rejected in query and body. Unknown names pass through, since the service rejects them.
 *
 * @param receive reads the request's body
 * @throws ShopError for an unreadable request, or a missing header that has its own error
 */
export async function readParams(
  request: GatewayRequest,
  endpoint: Endpoint,
  receive: ReadBody,
): Promise<RawParams> {
  const { originalUrl } = request;
  const queryStart = originalUrl.indexOf("?");
  const query = queryStart === -1 ? undefined : parseQuery(originalUrl.slice(queryStart + 1));

  const headers = readHeaders(request, endpoint);
  let params: RawParams;
  if (endpoint.takesBody) {
    for (const name of query?.keys() ?? []) throw unknownField(name);
    params = await readJsonObject(request, receive);
    for (const name of endpoint.reservedNames) if (Object.hasOwn(params, name)) throw unknownField(name);
  } else {
    params = Object.create(null) as RawParams;
    for (const [name, text] of query ?? []) {
      if (endpoint.reservedNames.has(name)) throw unknownField(name);
      const record = name.slice(0, Math.max(0, name.indexOf(".")));
      if (endpoint.records.has(record)) addEntry(params, record, name.slice(record.length + 1), text);
      else params[name] = endpoint.decode.get(name)?.(text) ?? text;
    }
  }
  const { rawBody } = endpoint.route;
  if (rawBody) params[rawBody.param] = (await readRawBody(request, rawBody, receive)).toString("base64");
  for (const name of endpoint.fromPath)
    params[name] = endpoint.decode.get(name)?.(request.$params.params[name] ?? "");
  for (const [name, value] of headers) params[name] = value;
  return params;
}

/** @throws ShopError `validation-failed` for a record that is also given as a text, or for `__proto__` */
function addEntry(params: RawParams, record: string, key: string, text: string): void {
  // Validation would skip it instead of rejecting it.
  if (key === "__proto__") throw unknownField(`${record}.${key}`);
  const entries = (params[record] ??= Object.create(null)) as unknown;
  if (typeof entries !== "object" || entries === null) throw fieldError(record, "repeated", "is repeated");
  (entries as RawParams)[key] = text;
}

function readHeaders(request: GatewayRequest, endpoint: Endpoint): [string, unknown][] {
  rejectUnusedIfMatch(request, endpoint);
  const values: [string, unknown][] = [];
  for (const { name, header, required } of endpoint.fromHeaders) {
    const text = request.headers[header];
    const value = typeof text === "string" && text !== "" ? endpoint.decode.get(name)?.(text) : undefined;
    if (value !== undefined) values.push([name, value]);
    else if (required) throw new ShopError(headerRules.get(header)?.whenMissing ?? "malformed-request");
  }
  return values;
}

/**
 * A client that sends `If-Match` relies on the comparison (RFC 9110, 13.1.1), so it is rejected where
 * versions do not exist.
 */
function rejectUnusedIfMatch({ headers }: GatewayRequest, { route, fromHeaders }: Endpoint): void {
  const condition = headers["if-match"];
  if (condition === undefined || condition === "*" || route.method === "GET") return;
  if (!fromHeaders.some(({ header }) => header === "if-match"))
    throw new ShopError("precondition-failed", "This resource has no version; omit If-Match");
}

/**
 * Parses a query; each name may occur once.
 *
 * @throws ShopError `malformed-request` for invalid UTF-8, `validation-failed` for a repeated name
 */
export function parseQuery(query: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decodeText(equals === -1 ? pair : pair.slice(0, equals));
    if (values.has(name)) throw fieldError(name, "repeated", "is repeated");
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
  return fieldError(path, "unknown-field", "Unknown field");
}

function fieldError(path: string, code: string, message: string): ShopError {
  return new ShopError("validation-failed", undefined, { errors: [{ path, code, message }] });
}
