import { hash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Caller } from "../contract/caller.ts";
import { apiPrefix } from "./endpoints.ts";
import type { Endpoint } from "./endpoints.ts";
import type { GatewayRequest } from "./moleculer-web.ts";

/** 126 bits are enough to tell the states of one resource apart. */
const hashLength = 21;

/** An action's result as HTTP has it. */
export interface Answer {
  readonly status: number;
  /** Without those of the content. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null when there is nothing to say. */
  readonly bytes: Buffer | null;
  /** JSON when absent. */
  readonly contentType?: string;
  /** Also among the headers, where a later request can refer to it. */
  readonly etag?: string | undefined;
}

/** What to send as its route says. */
export function answerOf(request: GatewayRequest, { route, isPage }: Endpoint, caller: Caller, result: unknown): Answer {
  const isRead = route.method === "GET";
  const isPublic = isRead && route.caching === "public";
  const headers: Record<string, string> = {
    "Cache-Control": isPublic && caller.kind === "guest" ? "public, max-age=0, must-revalidate" : "no-store",
  };
  if (isPublic) headers["Vary"] = "Authorization";
  if (request.$ctx.meta.replayed) headers["Idempotency-Replayed"] = "true";
  if (route.location) headers["Location"] = apiPrefix + filled(route.location, result);
  if (result === null || route.status === 204) return { status: route.status ?? 204, headers, bytes: null };
  if (isPage) {
    const link = nextLink(request.originalUrl, field(result, "nextCursor"));
    if (link) headers["Link"] = link;
  }

  const bytes = Buffer.from(JSON.stringify(result));
  const status = route.status ?? 200;
  const version = field(result, "version");
  if (!(isRead ? isPublic || !isPage : Number.isInteger(version))) return { status, headers, bytes };
  const etag = entityTag(bytes, version);
  headers["ETag"] = etag;
  return { status, headers, bytes, etag };
}

/** Sends an answer, or 304 to a reader who has it already. */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, headers, bytes, contentType = "application/json", etag } = answer;
  if (!bytes) {
    response.writeHead(status, headers).end();
    return;
  }
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead && etag !== undefined && matches(request, etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  // Node leaves the bytes out when the request is a HEAD.
  response
    .writeHead(status, { ...headers, "Content-Type": contentType, "Content-Length": bytes.length })
    .end(bytes);
}

/** A strong ETag: `"<version>-<hash>"`, whose version `If-Match` sends back, or `"<hash>"` for what has no version. */
export function entityTag(bytes: Uint8Array, version?: unknown): string {
  const digest = hash("sha256", bytes, "base64url").slice(0, hashLength);
  return Number.isInteger(version) ? `"${String(version)}-${digest}"` : `"${digest}"`;
}

/** Whether `If-None-Match` names this ETag; the comparison is the weak one (RFC 9110, 13.1.2). */
export function matches(request: IncomingMessage, etag: string): boolean {
  const known = request.headers["if-none-match"];
  if (known === undefined) return false;
  return known === etag || known.trim() === "*" || known.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

/** The same request for the next page (RFC 8288). */
function nextLink(url: string, cursor: unknown): string | undefined {
  if (typeof cursor !== "string") return undefined;
  // The base only serves the parser, which also encodes whatever could end the link early.
  const next = new URL(url, "http://shop");
  next.searchParams.set("cursor", cursor);
  return `<${next.pathname}${next.search}>; rel="next"`;
}

function filled(template: string, result: unknown): string {
  return template.replace(/\{([\w.]+)\}/g, (_match, path: string) =>
    encodeURIComponent(String(path.split(".").reduce(field, result))),
  );
}

function field(result: unknown, name: string): unknown {
  return typeof result === "object" && result !== null ? Reflect.get(result, name) : undefined;
}
