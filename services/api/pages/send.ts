import type { IncomingMessage, ServerResponse } from "node:http";
import { entityTag, matches } from "../respond.ts";

export interface Content {
  readonly type: string;
  readonly bytes: Buffer;
  readonly etag: string;
}

/** Something that is made once and served often. */
export function content(type: string, body: string | Buffer): Content {
  const bytes = Buffer.from(body);
  return { type, bytes, etag: entityTag(bytes) };
}

export function jsonContent(value: unknown): Content {
  return content("application/json", JSON.stringify(value));
}

/** Something that is made when it is first asked for, which most gateways never are. */
export function onDemand(make: () => Content): () => Content {
  let kept: Content | undefined;
  return () => (kept ??= make());
}

/** Headers of what may be kept, but has to be asked for again. */
const revalidated = { "Cache-Control": "public, max-age=0, must-revalidate" };

/** Sends content, or 304 to who has it already. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  { type, bytes, etag }: Content,
  headers: Readonly<Record<string, string>> = revalidated,
): void {
  if (matches(request, etag)) response.writeHead(304, { ...headers, ETag: etag }).end();
  else
    response
      .writeHead(200, { ...headers, ETag: etag, "Content-Type": type, "Content-Length": bytes.length })
      .end(bytes);
}

/** Sends what is true at this moment only. */
export function sendNow(response: ServerResponse, status: number, value: unknown): void {
  const bytes = Buffer.from(JSON.stringify(value));
  response
    .writeHead(status, { "Cache-Control": "no-store", "Content-Type": "application/json", "Content-Length": bytes.length })
    .end(bytes);
}

export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { Location: location, "Content-Length": 0 }).end();
}

/** Whether a person's browser asks rather than a program. */
export function wantsHtml(request: IncomingMessage): boolean {
  return request.headers.accept?.includes("text/html") ?? false;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
