import { z } from "zod";
import type { Access, ServiceContract } from "../../../mixins/contract/contract.ts";
import type { ErrorCode } from "../../../mixins/contract/errors.ts";
import { commonErrors, errorCatalogue } from "../../../mixins/contract/errors.ts";
import { headerRules } from "../request/decode-param.ts";
import type { Endpoint } from "../routing/endpoints.ts";
import { securityOf } from "./security-of.ts";
import type { Json, JsonObject, ObjectSchema } from "./json-schemas.ts";
import { Schemas } from "./json-schemas.ts";
import { describeWebhooks } from "./webhooks.ts";

/**
 * Generates the OpenAPI 3.1 document from the contracts.
 *
 * @param locales of the shop's texts; negotiation by header is described where there are several
 */
export function describeApi(
  contracts: readonly ServiceContract[],
  endpoints: readonly Endpoint[],
  locales: readonly string[],
): JsonObject {
  const schemas = new Schemas(endpoints);
  const paths: Record<string, Record<string, Json>> = {};
  const templates = new Templates();
  for (const endpoint of endpoints) {
    const template = templates.of(endpoint.path);
    const methods = (paths[template.path] ??= {});
    methods[endpoint.route.method.toLowerCase()] = operation(endpoint, {
      pathNames: template.names,
      schemas,
      locales,
    });
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
    ...describeWebhooks(contracts, schemas),
    components: {
      schemas: { ...schemas.components, Problem: problem },
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "The `accessToken` from `/api/v1/auth/login` or `/api/v1/auth/refresh`",
        },
        apiKey: {
          type: "apiKey",
          in: "header",
          name: "X-Api-Key",
          description: "A key from `/api/v1/api-keys`, for machines; `Authorization: Bearer sk_…` works too",
        },
        orderToken: {
          type: "apiKey",
          in: "header",
          name: "X-Order-Token",
          description:
            "The `orderToken` of a guest's order, for that order only; `Authorization: Bearer ot_…` works too",
        },
      },
    },
  };
}

interface Description {
  readonly pathNames: readonly string[];
  readonly schemas: Schemas;
  readonly locales: readonly string[];
}

function operation(endpoint: Endpoint, { pathNames, schemas, locales }: Description): JsonObject {
  const { action, service, contract, route } = endpoint;
  const params = localizedParams(endpoint, schemas.params(contract.params), locales);
  const permission = permissionOf(contract.access);
  return {
    operationId: action,
    tags: [service],
    summary: contract.summary,
    ...(contract.description ? { description: contract.description } : {}),
    ...(permission ? { "x-permission": permission } : {}),
    ...(contract.movesMoney ? { "x-moves-money": true } : {}),
    security: securityOf(endpoint),
    parameters: parameters(endpoint, pathNames, params).concat(
      negotiatesLocale(endpoint, locales) ? [acceptLanguage] : [],
    ),
    ...requestBody(endpoint, params),
    responses: {
      ...success(endpoint, schemas, negotiatesLocale(endpoint, locales)),
      ...failures(endpoint),
    },
    "x-idempotent": contract.idempotent || route.method === "GET",
  };
}

function parameters(
  endpoint: Endpoint,
  pathNames: readonly string[],
  { properties, required }: ObjectSchema,
): Json[] {
  const described = (place: string, param: string, name: string, mandatory: boolean): JsonObject => {
    const { description, ...schema } = properties[param] ?? {};
    const shown = { name, in: place, required: mandatory, ...(description ? { description } : {}) };
    return endpoint.records.has(param) && place === "query"
      ? { ...shown, style: "form", explode: true, schema: entriesSchema(name, schema) }
      : { ...shown, schema };
  };
  const query = endpoint.takesBody
    ? []
    : Object.keys(properties).filter((name) => !endpoint.reservedNames.has(name));
  return [
    ...endpoint.fromPath.map((name, index) => described("path", name, pathNames[index] ?? name, true)),
    ...query.map((name) => described("query", name, name, required.includes(name))),
    ...Object.entries(endpoint.route.headers ?? {}).map(([name, header]) =>
      header.toLowerCase() === "if-match"
        ? ifMatch(required.includes(name))
        : described("header", name, header, required.includes(name)),
    ),
  ];
}

/** A record's entries are params of their own, `name.key`: an exploded object whose keys begin with the name. */
function entriesSchema(name: string, record: JsonObject): JsonObject {
  const { propertyNames, additionalProperties = {}, examples, ...rest } = record;
  const { pattern = ".+" } = (propertyNames ?? {}) as { readonly pattern?: string };
  const prefixed = (example: Json) =>
    Object.fromEntries(
      Object.entries(example ?? {}).map(([key, value]) => [`${name}.${key}`, value as Json]),
    );
  return {
    ...rest,
    patternProperties: { [`^${name}\\.${pattern.replace(/^\^/, "")}`]: additionalProperties },
    additionalProperties: false,
    ...(Array.isArray(examples) ? { examples: examples.map(prefixed) } : {}),
  };
}

function negotiatesLocale({ contract }: Endpoint, locales: readonly string[]): boolean {
  return Boolean(contract.localized) && locales.length > 1;
}

/** Names the shop's locales where a contract can only tell their form. */
function localizedParams(
  { contract }: Endpoint,
  params: ObjectSchema,
  locales: readonly string[],
): ObjectSchema {
  if (!contract.localized) return params;
  const { description = "" } = params.properties["locale"] ?? {};
  const locale = { type: "string", enum: locales, description };
  return { ...params, properties: { ...params.properties, locale } };
}

const acceptLanguage: JsonObject = {
  name: "Accept-Language",
  in: "header",
  required: false,
  description: "Languages of the texts, by preference; `locale` overrides it",
  schema: { type: "string", examples: ["zh-CN, en;q=0.5"] },
};

function ifMatch(mandatory: boolean): JsonObject {
  return {
    name: "If-Match",
    in: "header",
    required: mandatory,
    description: "The `ETag` of the version you read; 412 when the resource has changed since",
    schema: { type: "string", examples: ['"3"'] },
  };
}

function requestBody(endpoint: Endpoint, { properties, required }: ObjectSchema): JsonObject {
  const { upload, rawBody } = endpoint.route;
  if (rawBody) {
    const description = `At most ${rawBody.maxBytes} bytes, exactly as signed`;
    const content = Object.fromEntries(rawBody.mediaTypes.map((mediaType) => [mediaType, { schema: {} }]));
    return { requestBody: { required: true, description, content } };
  }
  if (upload) {
    const content = Object.fromEntries(
      upload.mediaTypes.map((mediaType) => [mediaType, { schema: { type: "string" } }]),
    );
    return {
      requestBody: { required: true, description: `At most ${upload.maxBytes} bytes, in UTF-8`, content },
    };
  }
  if (!endpoint.takesBody) return {};
  const own = Object.entries(properties).filter(([name]) => !endpoint.reservedNames.has(name));
  if (own.length === 0) return {};
  const needed = required.filter((name) => !endpoint.reservedNames.has(name));
  const schema: JsonObject = {
    type: "object",
    properties: Object.fromEntries(own),
    ...(needed.length > 0 ? { required: needed } : {}),
    additionalProperties: false,
  };
  return { requestBody: { required: needed.length > 0, content: { "application/json": { schema } } } };
}

function success({ contract, route, isPage }: Endpoint, schemas: Schemas, isNegotiated: boolean): JsonObject {
  const empty = contract.result instanceof z.ZodNull;
  const status = route.status ?? (empty ? 204 : 200);
  const headers: Record<string, Json> = {
    ...(route.location ? { Location: textHeader("URL of the new resource") } : {}),
    ...(isPage ? { Link: textHeader('The next page, as `rel="next"`') } : {}),
    ...(route.download || route.document ? { "Content-Disposition": textHeader("File name") } : {}),
    ...(route.document ? { Vary: textHeader("`Accept`") } : {}),
    ...(isNegotiated ? { "Content-Language": textHeader("Language of the texts") } : {}),
    ...(route.method === "GET" && !route.download && (!isPage || route.caching === "public")
      ? { ETag: textHeader("For `If-None-Match` and `If-Match`") }
      : {}),
  };
  const response: Record<string, Json> = { description: successes[status] };
  if (Object.keys(headers).length > 0) response.headers = headers;
  if (route.download) response.content = { "*/*": { schema: { type: "string" } } };
  else if (route.document)
    response.content = Object.fromEntries(
      route.document.mediaTypes.map((mediaType) => [mediaType, documentSchema(mediaType)]),
    );
  else if (!empty) response.content = { "application/json": { schema: schemas.result(contract.result) } };
  const answers: Record<string, Json> = { [status]: response };
  if (headers.ETag) answers["304"] = { description: "Not modified" };
  return answers;
}

/** OpenAPI 3.1 describes binary content by omitting the schema. */
function documentSchema(mediaType: string): JsonObject {
  return mediaType.startsWith("text/") ? { schema: { type: "string" } } : {};
}

const successes = { 200: "Done", 201: "Created", 202: "Accepted", 204: "No content" } as const;

function textHeader(description: string): JsonObject {
  return { description, schema: { type: "string" } };
}

/** All errors by status; `type` distinguishes errors with the same status. */
function failures(endpoint: Endpoint): JsonObject {
  const codes = new Set<ErrorCode>([...commonErrors, ...endpoint.contract.errors]);
  if (endpoint.contract.access === "anyone" || endpoint.contract.access === "signed-in")
    codes.delete("forbidden");
  for (const code of endpoint.contract.errors) codes.add(code);
  if (endpoint.contract.stepUp || endpoint.contract.movesMoney) codes.add("step-up-required");
  if (endpoint.takesBody || endpoint.route.upload || endpoint.route.rawBody)
    codes.add("payload-too-large").add("unsupported-media-type");
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
        ...(status === errorCatalogue.moved.status
          ? { headers: { Location: textHeader("Its new address") } }
          : {}),
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
    traceId: { type: "string", description: "Same as `X-Request-Id`; quote it in support requests" },
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
  if ("permission" in access) return access.permission;
  if ("buyerOf" in access) return undefined;
  return "merchantOr" in access ? access.merchantOr : access.ownerOr;
}

/**
 * OpenAPI treats path templates that differ only in parameter names as one path, so the first one's names are
 * used: `/products/{idOrSlug}` and `/products/{id}`.
 */
class Templates {
  readonly #first = new Map<string, { path: string; names: string[] }>();

  of(path: string): { path: string; names: string[] } {
    const form = path.replace(/\{\w+\}/g, "{}");
    const known = this.#first.get(form) ?? {
      path,
      names: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name),
    };
    this.#first.set(form, known);
    return known;
  }
}
