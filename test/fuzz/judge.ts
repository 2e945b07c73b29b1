import type { FuzzRequest } from "./requests.ts";

/** An answer as it came. */
export interface FuzzAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Words that no client may read: of the code, the databases, the framework, the machine. */
const internals =
  /node_modules|\.ts:\d|\bat [\w.]+ \(|SQLITE|ER_[A-Z]{3,}|sequelize|moleculer|SELECT .+ FROM|INSERT INTO|nodeID|\$argon2|-----BEGIN|ECONNREFUSED|\/home\/|\/tmp\//i;
const securityHeaders = ["x-content-type-options", "referrer-policy", "content-security-policy", "x-request-id", "cache-control"];

/** What is wrong with an answer, whatever was asked; empty when nothing is. */
export function faultsOf({ operation }: FuzzRequest, { status, headers, body }: FuzzAnswer): string[] {
  const faults: string[] = [];
  if (status >= 500) faults.push(`status ${status}`);
  // What the protocol itself says, of a request that is none, is documented by its standard.
  if (!operation.statuses.has(status) && ![304, 404, 405, 431].includes(status)) faults.push(`undocumented status ${status}`);
  for (const name of securityHeaders) if (!headers.has(name)) faults.push(`no ${name}`);
  if (headers.has("x-powered-by") || headers.has("server")) faults.push("tells what it runs on");
  const type = headers.get("content-type") ?? "";
  if (status >= 400) faults.push(...faultsOfProblem(status, type, body));
  else if (status !== 204 && status !== 304 && type === "") faults.push("no content type");
  else if (type.startsWith("application/json") && !isJson(body)) faults.push("no JSON");
  // What people wrote may come back to them, as their path does; the rest of a problem is the shop's own words.
  if (status >= 400 && internals.test(body.replace(/"instance":"[^"]*"/, ""))) faults.push(`internals in ${body.slice(0, 300)}`);
  return faults;
}

function faultsOfProblem(status: number, type: string, body: string): string[] {
  if (type !== "application/problem+json") return [`a problem of type ${type}`];
  if (!isJson(body)) return ["a problem that is no JSON"];
  const problem = JSON.parse(body) as Record<string, unknown>;
  const named = typeof problem.type === "string" && typeof problem.title === "string" && typeof problem.traceId === "string";
  return named && problem.status === status ? [] : ["a problem without its members"];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
