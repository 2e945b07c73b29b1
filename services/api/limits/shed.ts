import type { IncomingMessage, ServerResponse } from "node:http";
import { ShopError } from "../../../mixins/contract/errors.ts";
import { connectionHeader, drainRequest } from "../server/drain-request.ts";
import { pathOf, problemOf } from "../response/problems.ts";
import { securityHeaders } from "../server/security-headers.ts";

const overloaded = new ShopError("unavailable", "Overloaded, retry later");
const rateLimited = new ShopError("too-many-requests");
const commonHeaders = Object.entries({
  ...securityHeaders,
  "Content-Type": "application/problem+json",
  "Cache-Control": "no-store",
}).flat();

/**
 * Rejects a request under load (503) or over its limit (429), as cheaply as possible.
 *
 * @param retryAfterSeconds seconds until the client is served again; 0 if the load is not of its making
 */
export function shed(
  request: IncomingMessage,
  response: ServerResponse,
  traceId: string,
  retryAfterSeconds = 0,
): void {
  const { status, body } = problemOf(retryAfterSeconds > 0 ? rateLimited : overloaded, {
    instance: pathOf(request),
    traceId,
    tokenSent: false,
  });
  const text = JSON.stringify(body);
  const own = [
    "X-Request-Id",
    traceId,
    "Content-Length",
    String(Buffer.byteLength(text)),
    "Retry-After",
    String(retryAfterSeconds || 1),
  ];
  response.writeHead(status, [...commonHeaders, ...own, ...Object.entries(connectionHeader(request)).flat()]);
  drainRequest(request, response, text);
}
