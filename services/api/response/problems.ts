import { STATUS_CODES } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErrorCode, FieldError } from "../../../mixins/contract/errors.ts";
import { errorCatalogue, isShopError, ShopError } from "../../../mixins/contract/errors.ts";
import { connectionHeader, drainRequest } from "../server/drain-request.ts";

/** An error as clients see it (RFC 9457), with its headers. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Context of an error: path, request id and credentials. */
export interface ProblemContext {
  /** Path without the query. */
  readonly instance: string;
  readonly traceId: string;
  /** True when the request carried an access token, which may be the cause. */
  readonly tokenSent: boolean;
  /** Address of a resource that moved. */
  readonly location?: string | undefined;
}

/** Seconds that clients and proxies may keep a redirect; something else may take the slug meanwhile. */
const redirectMaxAge = 60;

/** Codes for the framework's errors (by their `type`) about unreachable services and expired deadlines. */
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

/** An error that may be one of the framework's. */
interface FrameworkError {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: string;
  readonly data?: unknown;
}

/** Codes for errors of plain Moleculer services, by their `code`. */
const clientErrors: ReadonlyMap<unknown, ErrorCode> = new Map<unknown, ErrorCode>([
  [401, "unauthenticated"],
  [403, "forbidden"],
  [404, "not-found"],
]);

/** Converts the faults of the framework's validator. */
function fieldErrors(faults: unknown): FieldError[] {
  return (
    Array.isArray(faults) ? (faults as Partial<Record<"field" | "type" | "message", string>>[]) : []
  ).map(({ field = "", type = "", message = "" }) => ({ path: field, code: type, message }));
}

/** Maps any thrown value to a coded error; `internal-error` must be logged. */
export function codedError(error: unknown): ShopError {
  if (isShopError(error)) return error.type === "internal-error" ? new ShopError("internal-error") : error;
  const { type, name, code, message, data } = (error ?? {}) as FrameworkError;
  if (type === "VALIDATION_ERROR")
    return new ShopError("validation-failed", undefined, { errors: fieldErrors(data) });
  const clientError = name === "MoleculerClientError" ? clientErrors.get(code) : undefined;
  if (clientError) return new ShopError(clientError, message);
  return new ShopError(frameworkErrors.get(type) ?? "internal-error");
}

export function problemOf(error: ShopError, context: ProblemContext): Problem {
  const { instance, traceId } = context;
  const { status, title } = errorCatalogue[error.type];
  const standard = {
    type: `/problems/${error.type}`,
    title,
    status,
    detail: error.message,
    instance,
    traceId,
  };
  return {
    status,
    headers: headersOf(error, context),
    // By the catalogue's rule `data` holds ids, limits and field errors; standard members win over it.
    body: { ...error.data, ...standard },
  };
}

/** Retryable errors; `retryAfter` in seconds unless the error sets its own. */
const retryable: ReadonlySet<ErrorCode> = new Set([
  "too-many-requests",
  "unavailable",
  "idempotency-in-flight",
]);

function headersOf(
  { type, data }: ShopError,
  { tokenSent, location }: ProblemContext,
): Record<string, string> {
  if (type === "moved" && location !== undefined)
    return {
      Location: location,
      Vary: "Authorization",
      ...(tokenSent ? {} : { "Cache-Control": `public, max-age=${redirectMaxAge}` }),
    };
  // RFC 9470: the token is valid, but its user must re-authenticate.
  if (type === "step-up-required")
    return {
      "WWW-Authenticate": `Bearer error="insufficient_user_authentication", max_age="${String(data.maxAge)}"`,
    };
  const badToken = type === "unauthenticated" && tokenSent;
  if (errorCatalogue[type].status === 401)
    return { "WWW-Authenticate": badToken ? 'Bearer error="invalid_token"' : "Bearer" };
  if (type === "method-not-allowed" && Array.isArray(data.allow)) return { Allow: data.allow.join(", ") };
  if (!retryable.has(type)) return {};
  return { "Retry-After": String(typeof data.retryAfter === "number" ? Math.ceil(data.retryAfter) : 1) };
}

/** For errors of HTTP itself, without a page of their own: type `about:blank`, titled by the status. */
export function protocolProblem(status: number, traceId: string): Problem {
  return {
    status,
    headers: {},
    body: { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, traceId },
  };
}

/** Sends a problem unless the response has started or the client has disconnected. */
export function sendProblem(response: ServerResponse, problem: Problem): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(JSON.stringify(problem.body));
  response.writeHead(problem.status, {
    "Content-Type": "application/problem+json",
    "Content-Length": bytes.length,
    "Cache-Control": "no-store",
    ...connectionHeader(response.req),
    ...problem.headers,
  });
  drainRequest(response.req, response, bytes);
}

/** The request's original path, without the query. */
export function pathOf(request: IncomingMessage & { originalUrl?: string }): string {
  const url = request.originalUrl ?? request.url ?? "/";
  const queryStart = url.indexOf("?");
  return queryStart === -1 ? url : url.slice(0, queryStart);
}
