import type { IncomingMessage, ServerResponse } from "node:http";
import { ShopError } from "../contract/errors.ts";
import { closing, endAnswer } from "./end-answer.ts";
import { pathOf, problemOf } from "./problems.ts";
import { securityHeaders } from "./security-headers.ts";

const tooMuch = new ShopError("unavailable", "There is too much to do at the moment");
const tooMany = new ShopError("too-many-requests");
const always = Object.entries({
  ...securityHeaders,
  "Content-Type": "application/problem+json",
  "Cache-Control": "no-store",
}).flat();

/**
 * Turns a request away because there is too much to do, or because its sender asks too much. It costs as little as it
 * can, for then there are many of these.
 *
 * @param wait for how many seconds the sender gets nothing; 0: it is not for what they did
 */
export function refuse(request: IncomingMessage, response: ServerResponse, traceId: string, wait = 0): void {
  const { status, body } = problemOf(wait > 0 ? tooMany : tooMuch, { instance: pathOf(request), traceId, tokenSent: false });
  const text = JSON.stringify(body);
  const own = ["X-Request-Id", traceId, "Content-Length", String(Buffer.byteLength(text)), "Retry-After", String(wait || 1)];
  response.writeHead(status, [...always, ...own, ...Object.entries(closing(request)).flat()]);
  endAnswer(request, response, text);
}
