import type { IncomingMessage, ServerResponse } from "node:http";
import { ShopError } from "../contract/errors.ts";
import { pathOf, problemOf } from "./problems.ts";
import { securityHeaders } from "./security-headers.ts";

const tooMuch = new ShopError("unavailable", "There is too much to do at the moment");
const always = Object.entries({
  ...securityHeaders,
  "Content-Type": "application/problem+json",
  "Cache-Control": "no-store",
  "Retry-After": "1",
}).flat();

/** Turns a request away because there is too much to do. It costs as little as it can, for then there are many of these. */
export function refuse(request: IncomingMessage, response: ServerResponse, traceId: string): void {
  const { body } = problemOf(tooMuch, { instance: pathOf(request), traceId, tokenSent: false });
  const text = JSON.stringify(body);
  response.writeHead(503, [...always, "X-Request-Id", traceId, "Content-Length", String(Buffer.byteLength(text))]).end(text);
}
