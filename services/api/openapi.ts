import { z } from "zod";
import type { Access, ActionContract, ServiceContract } from "../contract/contract.ts";
import type { ErrorCode } from "../contract/errors.ts";
import { commonErrors, errorCatalogue } from "../contract/errors.ts";
import { headerRules } from "./decode.ts";
import type { Endpoint } from "./endpoints.ts";
import type { Json, JsonObject, ObjectSchema } from "./json-schemas.ts";
import { Schemas } from "./json-schemas.ts";

/** The API as OpenAPI 3.1, made of the contracts alone. */
export function describeApi(contracts: readonly ServiceContract[], endpoints: readonly Endpoint[]): JsonObject {
  const schemas = new Schemas(endpoints);
  const paths: Record<string, Record<string, Json>> = {};
  const templates = new Templates();
  for (const endpoint of endpoints) {
    const template = templates.of(endpoint.path);
    const methods = (paths[template.path] ??= {});
    methods[endpoint.route.method.toLowerCase()] = operation(endpoint, template.names, schemas);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "ShopServer",
      version: "1.0.0",
      description:
        "A shop's backend: catalogue, stock, carts, checkout, accounts, audit trail. Errors are problems (RFC 9457); each `type` is a page that explains it.",
    },
    servers: [{ url: "/" }],
    tags: contracts.map(({ name, summary }) => ({ name, description: summary })),
    paths,
    components: {
      schemas: { ...schemas.components, Problem: problem },
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "The `accessToken` that `/api/v1/auth/login` and `/api/v1/auth/refresh` answer with",
        },
        apiKey: {
          type: "apiKey",
          in: "header",
          name: "X-Api-Key",
          description: "A key that `/api/v1/api-keys` has made, for machines; `Authorization: Bearer sk_…` does as well",
        },
      },
    },
  };
}

function securityOf({ contract, route }: Endpoint): JsonObject[] {
  if (route.ignoresToken) return [];
  if (contract.access === "anyone") return [{}, { bearer: [] }];
  return takesKeys(contract) ? [{ bearer: [] }, { apiKey: [] }] : [{ bearer: [] }];
}

/** Machines have permissions only, and nobody can be asked to show that it is they. */
function takesKeys({ access, stepUp = false }: ActionContract): boolean {
  return access !== "signed-in" && !stepUp;
}

function operation(endpoint: Endpoint, pathNames: readonly string[], schemas: Schemas): JsonObject {
  const { action, service, contract, route } = endpoint;
  const params = schemas.params(contract.params);
  const permission = permissionOf(contract.access);
  return {
    operationId: action,
    tags: [service],
    summary: contract.summary,
    ...(contract.description ? { description: contract.description } : {}),
    ...(permission ? { "x-permission": permission } : {}),
    security: securityOf(endpoint),
    parameters: parameters(endpoint, pathNames, params),
    ...requestBody(endpoint, params),
    responses: { ...success(endpoint, schemas), ...failures(endpoint) },
    "x-idempotent": contract.idempotent || route.method === "GET",
  };
}

function parameters(endpoint: Endpoint, pathNames: readonly string[], { properties, required }: ObjectSchema): Json[] {
  const described = (place: string, param: string, name: string, mandatory: boolean): JsonObject => {
    const { description, ...schema } = properties[param] ?? {};
    return { name, in: place, required: mandatory, ...(description ? { description } : {}), schema };
  };
  const query = endpoint.takesBody
    ? []
    : Object.keys(properties).filter((name) => !endpoint.fromElsewhere.has(name));
  return [
    ...endpoint.fromPath.map((name, index) => described("path", name, pathNames[index] ?? name, true)),
    ...query.map((name) => described("query", name, name, required.includes(name))),
    ...Object.entries(endpoint.route.headers ?? {}).map(([name, header]) =>
      header.toLowerCase() === "if-match" ? ifMatch(required.includes(name)) : described("header", name, header, required.includes(name)),
    ),
  ];
}

function ifMatch(mandatory: boolean): JsonObject {
  return {
    name: "If-Match",
    in: "header",
    required: mandatory,
    description: "The `ETag` that you read: the change is refused with 412 when the resource has changed since",
    schema: { type: "string", examples: ['"3"'] },
  };
}

function requestBody(endpoint: Endpoint, { properties, required }: ObjectSchema): JsonObject {
  const { upload, rawBody } = endpoint.route;
  if (rawBody) {
    const description = `At most ${rawBody.maxBytes} bytes, signed as they are`;
    return { requestBody: { required: true, description, content: { [rawBody.mediaType]: { schema: {} } } } };
  }
  if (upload) {
    const content = Object.fromEntries(upload.mediaTypes.map((mediaType) => [mediaType, { schema: { type: "string" } }]));
    return { requestBody: { required: true, description: `At most ${upload.maxBytes} bytes, in UTF-8`, content } };
  }
  if (!endpoint.takesBody) return {};
  const own = Object.entries(properties).filter(([name]) => !endpoint.fromElsewhere.has(name));
  if (own.length === 0) return {};
  const needed = required.filter((name) => !endpoint.fromElsewhere.has(name));
  const schema: JsonObject = {
    type: "object",
    properties: Object.fromEntries(own),
    ...(needed.length > 0 ? { required: needed } : {}),
    additionalProperties: false,
  };
  return { requestBody: { required: needed.length > 0, content: { "application/json": { schema } } } };
}

function success({ contract, route, isPage }: Endpoint, schemas: Schemas): JsonObject {
  const empty = contract.result instanceof z.ZodNull;
  const status = route.status ?? (empty ? 204 : 200);
  const headers: Record<string, Json> = {
    ...(route.location ? { Location: textHeader("Where the new resource is") } : {}),
    ...(isPage ? { Link: textHeader('The next page, as `rel="next"`') } : {}),
    ...(route.download || route.document ? { "Content-Disposition": textHeader("The file's name") } : {}),
    ...(route.document ? { Vary: textHeader("`Accept`") } : {}),
    ...(route.method === "GET" && !route.download && (!isPage || route.caching === "public")
      ? { ETag: textHeader("For `If-None-Match` and `If-Match`") }
      : {}),
  };
  const response: Record<string, Json> = { description: successes[status] };
  if (Object.keys(headers).length > 0) response.headers = headers;
  if (route.download) response.content = { "*/*": { schema: { type: "string" } } };
  else if (route.document)
    response.content = Object.fromEntries(route.document.mediaTypes.map((mediaType) => [mediaType, documentSchema(mediaType)]));
  else if (!empty) response.content = { "application/json": { schema: schemas.result(contract.result) } };
  const answers: Record<string, Json> = { [status]: response };
  if (headers.ETag) answers["304"] = { description: "What you have is current" };
  return answers;
}

/** OpenAPI 3.1 describes binary content by leaving its schema out. */
function documentSchema(mediaType: string): JsonObject {
  return mediaType.startsWith("text/") ? { schema: { type: "string" } } : {};
}

const successes = { 200: "Done", 201: "Created", 202: "Accepted", 204: "Done, nothing to say" } as const;

function textHeader(description: string): JsonObject {
  return { description, schema: { type: "string" } };
}

/** Every error that can come back, by status; clients tell those with one status apart by `type`. */
function failures(endpoint: Endpoint): JsonObject {
  const codes = new Set<ErrorCode>([...commonErrors, ...endpoint.contract.errors]);
  if (endpoint.contract.access === "anyone" || endpoint.contract.access === "signed-in") codes.delete("forbidden");
  for (const code of endpoint.contract.errors) codes.add(code);
  if (endpoint.contract.stepUp) codes.add("step-up-required");
  if (endpoint.takesBody || endpoint.route.upload || endpoint.route.rawBody) codes.add("payload-too-large").add("unsupported-media-type");
  if (endpoint.route.document) codes.add("not-acceptable");
  for (const { header, required } of endpoint.fromHeaders) {
    const missing = headerRules.get(header)?.whenMissing;
    if (required && missing) codes.add(missing);
    if (header === "if-match") codes.add("precondition-failed");
  }
  const byStatus = Map.groupBy(codes, (code) => errorCatalogue[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      status,
      {
        description: same.map((code) => `\`${code}\`: ${errorCatalogue[code].title}`).join("; "),
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    ]),
  );
}

const problem: JsonObject = {
  type: "object",
  description: "RFC 9457; some types add members of their own, such as `shortages` or `limit`",
  properties: {
    type: { type: "string", format: "uri-reference", examples: ["/problems/not-found"] },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    instance: { type: "string", format: "uri-reference" },
    traceId: { type: "string", description: "Also in `X-Request-Id`; name it when you ask for help" },
    errors: {
      type: "array",
      items: {
        type: "object",
        properties: {
          path: { type: "string", examples: ["items.0.quantity"] },
          code: { type: "string" },
          message: { type: "string" },
        },
        required: ["path", "code", "message"],
      },
    },
  },
  required: ["type", "title", "status"],
};

function permissionOf(access: Access): string | undefined {
  if (typeof access === "string") return undefined;
  return "permission" in access ? access.permission : access.ownerOr;
}

/**
 * Path templates that differ in their names only are one path to OpenAPI, so the first one's names stand for all:
 * `/products/{idOrSlug}` and `/products/{id}`.
 */
class Templates {
  readonly #first = new Map<string, { path: string; names: string[] }>();

  of(path: string): { path: string; names: string[] } {
    const form = path.replace(/\{\w+\}/g, "{}");
    const known = this.#first.get(form) ?? { path, names: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name) };
    this.#first.set(form, known);
    return known;
  }
}
