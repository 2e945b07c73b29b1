import type { IncomingMessage, ServerResponse } from "node:http";
import { entityTag, matchesIfNoneMatch } from "../response/respond.ts";

export interface Content {
  readonly type: string;
  readonly bytes: Buffer;
  readonly etag: string;
}

/** Static content, built once. */
export function content(type: string, body: string | Buffer): Content {
  const bytes = Buffer.from(body);
  return { type, bytes, etag: entityTag(bytes) };
}

export function jsonContent(value: unknown): Content {
  return content("application/json", JSON.stringify(value));
}

/** Lazy content: built on first use, which most gateways never see. */
export function lazy(make: () => Content): () => Content {
  let cached: Content | undefined;
  return () => (cached ??= make());
}

/** Headers of content that caches must revalidate. */
const revalidated = { "Cache-Control": "public, max-age=0, must-revalidate" };

/** Sends content, or 304 if the client has it already. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  { type, bytes, etag }: Content,
  headers: Readonly<Record<string, string>> = revalidated,
): void {
  if (matchesIfNoneMatch(request, etag)) response.writeHead(304, { ...headers, ETag: etag }).end();
  else
    response
      .writeHead(200, { ...headers, ETag: etag, "Content-Type": type, "Content-Length": bytes.length })
      .end(bytes);
}

/** Sends an uncacheable JSON value. */
export function sendUncached(response: ServerResponse, status: number, value: unknown): void {
  const bytes = Buffer.from(JSON.stringify(value));
  response
    .writeHead(status, {
      "Cache-Control": "no-store",
      "Content-Type": "application/json",
      "Content-Length": bytes.length,
    })
    .end(bytes);
}

export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { Location: location, "Content-Length": 0 }).end();
}

/** Detects a browser by its `Accept` header. */
export function wantsHtml(request: IncomingMessage): boolean {
  return request.headers.accept?.includes("text/html") ?? false;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
