import { hash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Acknowledgement } from "../../../mixins/contract/contract.ts";
import type { Caller } from "../../../mixins/contract/caller.ts";
import { apiPrefix } from "../routing/endpoints.ts";
import type { Endpoint } from "../routing/endpoints.ts";
import type { GatewayRequest } from "../routing/moleculer-web.ts";

/** 126 bits of the hash are enough to distinguish versions of one resource. */
const hashLength = 21;

/** An action's result as an HTTP response. */
export interface ApiResponse {
  readonly status: number;
  /** Without the content headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null for an empty response. */
  readonly bytes: Buffer | null;
  /** Default: JSON. */
  readonly contentType?: string;
  /** Also among the headers; clients send it back in `If-Match` or `If-None-Match`. */
  readonly etag?: string | undefined;
}

/** What an action returned, for whom and in which language; undefined where texts have one only. */
export interface Outcome {
  readonly caller: Caller;
  readonly locale: string | undefined;
  readonly result: unknown;
}

/** Builds the response that the route declares. */
export function responseOf(
  request: GatewayRequest,
  { route, isPage }: Endpoint,
  { caller, locale, result }: Outcome,
): ApiResponse {
  const isRead = route.method === "GET";
  const isPublic = isRead && route.caching === "public";
  const headers: Record<string, string> = {
    "Cache-Control": isPublic && caller.kind === "guest" ? "public, max-age=0, must-revalidate" : "no-store",
  };
  const varying = [isPublic && "Authorization", locale !== undefined && "Accept-Language"].filter(Boolean);
  if (varying.length > 0) headers["Vary"] = varying.join(", ");
  if (locale !== undefined) headers["Content-Language"] = locale;
  if (request.$ctx.meta.replayed) headers["Idempotency-Replayed"] = "true";
  if (route.location) headers["Location"] = apiPrefix + fillTemplate(route.location, result);
  if (result === null || route.status === 204) return { status: route.status ?? 204, headers, bytes: null };
  if (isPage) {
    const link = nextLink(request.originalUrl, field(result, "nextCursor"));
    if (link) headers["Link"] = link;
  }

  const bytes = Buffer.from(JSON.stringify(result));
  const status = route.status ?? 200;
  const version = field(result, "version");
  if (!(isRead ? isPublic || !isPage : Number.isInteger(version))) return { status, headers, bytes };
  const etag = entityTag(bytes, version, locale);
  headers["ETag"] = etag;
  return { status, headers, bytes, etag };
}

/** Builds a fixed response. */
export function acknowledgementResponse({ mediaType, text }: Acknowledgement): ApiResponse {
  return {
    status: 200,
    headers: { "Cache-Control": "no-store" },
    bytes: Buffer.from(text),
    contentType: mediaType,
  };
}

/** Sends a response, or 304 if the client has it already. */
export function send(request: IncomingMessage, response: ServerResponse, apiResponse: ApiResponse): void {
  const { status, headers, bytes, contentType = "application/json", etag } = apiResponse;
  if (!bytes) {
    response.writeHead(status, headers).end();
    return;
  }
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead && etag !== undefined && matchesIfNoneMatch(request, etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  // Node omits the body of a HEAD response.
  response
    .writeHead(status, { ...headers, "Content-Type": contentType, "Content-Length": bytes.length })
    .end(bytes);
}

/**
 * Strong ETag: `"<version>-<hash>-<locale>"`, whose version comes back in `If-Match`; without the parts that
 * the resource does not have.
 */
export function entityTag(bytes: Uint8Array, version?: unknown, locale?: string): string {
  const digest = hash("sha256", bytes, "base64url").slice(0, hashLength);
  const parts = [Number.isInteger(version) ? String(version) : undefined, digest, locale];
  return `"${parts.filter((part) => part !== undefined).join("-")}"`;
}

/** Tests whether `If-None-Match` contains this ETag, by weak comparison (RFC 9110, 13.1.2). */
export function matchesIfNoneMatch(request: IncomingMessage, etag: string): boolean {
  const known = request.headers["if-none-match"];
  if (known === undefined) return false;
  return (
    known === etag ||
    known.trim() === "*" ||
    known.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag)
  );
}

/** Link to the next page (RFC 8288). */
function nextLink(url: string, cursor: unknown): string | undefined {
  if (typeof cursor !== "string") return undefined;
  // The base only serves the parser, which also encodes characters that would end the link early.
  const next = new URL(url, "http://shop");
  next.searchParams.set("cursor", cursor);
  return `<${next.pathname}${next.search}>; rel="next"`;
}

function fillTemplate(template: string, result: unknown): string {
  return template.replace(/\{([\w.]+)\}/g, (_match, path: string) =>
    encodeURIComponent(String(path.split(".").reduce(field, result))),
  );
}

function field(result: unknown, name: string): unknown {
  return typeof result === "object" && result !== null ? Reflect.get(result, name) : undefined;
}
