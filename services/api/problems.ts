import { STATUS_CODES } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErrorCode } from "../contract/errors.ts";
import { errorCatalogue, isShopError, ShopError } from "../contract/errors.ts";
import { closing, endAnswer } from "./end-answer.ts";

/** An error as clients see it (RFC 9457), and the headers that belong to it. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Where and in which request it happened. */
export interface Occurrence {
  /** The path, without the query. */
  readonly instance: string;
  readonly traceId: string;
  /** Whether the request carried an access token that may be the reason. */
  readonly tokenSent: boolean;
}

/** What the framework throws, by its `type`, when a service cannot be reached or does not answer in time. */
const frameworkErrors: ReadonlyMap<unknown, ErrorCode> = new Map<unknown, ErrorCode>([
  ["SERVICE_NOT_FOUND", "unavailable"],
  ["SERVICE_NOT_AVAILABLE", "unavailable"],
  ["QUEUE_FULL", "unavailable"],
  ["REQUEST_REJECTED", "unavailable"],
  ["REQUEST_RETURNED", "unavailable"],
  ["BAD_GATEWAY", "unavailable"],
  ["REQUEST_TIMEOUT", "deadline-exceeded"],
  ["REQUEST_SKIPPED", "deadline-exceeded"],
]);

/** The coded error behind anything that was thrown; `internal-error` says that it must be logged. */
export function codedError(error: unknown): ShopError {
  if (isShopError(error)) return error.type === "internal-error" ? new ShopError("internal-error") : error;
  const type: unknown = error instanceof Error && "type" in error ? error.type : undefined;
  return new ShopError(frameworkErrors.get(type) ?? "internal-error");
}

export function problemOf(error: ShopError, { instance, traceId, tokenSent }: Occurrence): Problem {
  const { status, title } = errorCatalogue[error.type];
  const standard = { type: `/problems/${error.type}`, title, status, detail: error.message, instance, traceId };
  return {
    status,
    headers: headersOf(error, tokenSent),
    // Data are ids, limits and field errors by the catalogue's rule; none can take a standard member's place.
    body: { ...error.data, ...standard },
  };
}

/** Worth another try soon; `retryAfter`, in seconds, when the error knows better. */
const worthRetrying: ReadonlySet<ErrorCode> = new Set(["too-many-requests", "unavailable", "idempotency-in-flight"]);

function headersOf({ type, data }: ShopError, tokenSent: boolean): Record<string, string> {
  // RFC 9470: the token is good, its user must show once more who they are.
  if (type === "step-up-required")
    return { "WWW-Authenticate": `Bearer error="insufficient_user_authentication", max_age="${String(data.maxAge)}"` };
  const badToken = type === "unauthenticated" && tokenSent;
  if (errorCatalogue[type].status === 401) return { "WWW-Authenticate": badToken ? 'Bearer error="invalid_token"' : "Bearer" };
  if (type === "method-not-allowed" && Array.isArray(data.allow)) return { Allow: data.allow.join(", ") };
  if (!worthRetrying.has(type)) return {};
  return { "Retry-After": String(typeof data.retryAfter === "number" ? Math.ceil(data.retryAfter) : 1) };
}

/** For errors of the protocol itself, which have no page: type `about:blank`, titled by the status. */
export function protocolProblem(status: number, traceId: string): Problem {
  return { status, headers: {}, body: { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, traceId } };
}

/** Sends a problem, unless an answer is under way or its reader gone. */
export function sendProblem(response: ServerResponse, problem: Problem): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(JSON.stringify(problem.body));
  response.writeHead(problem.status, {
    "Content-Type": "application/problem+json",
    "Content-Length": bytes.length,
    "Cache-Control": "no-store",
    ...closing(response.req),
    ...problem.headers,
  });
  endAnswer(response.req, response, bytes);
}

/** The path of a request as it was sent, without the query. */
export function pathOf(request: IncomingMessage & { originalUrl?: string }): string {
  const url = request.originalUrl ?? request.url ?? "/";
  const question = url.indexOf("?");
  return question === -1 ? url : url.slice(0, question);
}
