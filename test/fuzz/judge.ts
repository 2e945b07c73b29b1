import type { HttpAnswer } from "../support/http.ts";
import type { DocumentedSchemas } from "./answer-schemas.ts";
import type { Operation } from "./operations.ts";

/** Fields of a request that judging needs. */
export interface SentRequest {
  readonly operation: Operation;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

/** Words that must not reach clients: internals of code, databases, framework and machine. */
const internals =
  /node_modules|\.ts:\d|\bat [\w.]+ \(|SQLITE|ER_[A-Z]{3,}|sequelize|moleculer|SELECT .+ FROM|INSERT INTO|nodeID|\$argon2|-----BEGIN|ECONNREFUSED|\/home\/|\/tmp\//i;
const always: readonly (readonly [name: string, value: RegExp])[] = [
  ["x-content-type-options", /^nosniff$/],
  ["referrer-policy", /^no-referrer$/],
  ["content-security-policy", /frame-ancestors 'none'/],
  ["x-request-id", /^[A-Za-z0-9._-]{1,64}$/],
  ["cache-control", /^(?:no-store|public, max-age=0, must-revalidate)$/],
];
/** HTTP's own errors for malformed requests, documented by its standard. */
const ofTheProtocol: ReadonlySet<number> = new Set([304, 404, 405, 431]);

/** Faults of a response to any request; empty without one. */
export function faultsOf(asked: SentRequest, answer: HttpAnswer, schemas: DocumentedSchemas): string[] {
  const { operation } = asked;
  const { status, headers, body } = answer;
  const faults: string[] = [];
  if (status >= 500) faults.push(`status ${status}`);
  const described = operation.answers.get(status);
  if (!described && !ofTheProtocol.has(status)) faults.push(`undocumented status ${status}`);
  for (const [name, value] of always)
    if (!value.test(headers.get(name) ?? "")) faults.push(`${name} is ${headers.get(name) ?? "missing"}`);
  if (headers.has("x-powered-by") || headers.has("server")) faults.push("tells what it runs on");
  if (status >= 400) return [...faults, ...faultsOfProblem(operation, answer)];

  for (const name of Object.keys(described?.headers ?? {}))
    if (name !== "Link" && !headers.has(name)) faults.push(`no ${name}`);
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  const types = Object.keys(described?.content ?? {});
  if (status === 204 || status === 304 || types.length === 0) {
    if (body !== "" || type !== "") faults.push(`a body where there is none: ${type}`);
  } else if (!types.includes(type) && !types.includes("*/*"))
    faults.push(`undocumented content type ${type}`);
  else if (type === "application/json" && types.includes(type))
    faults.push(...faultsOfJson(operation, status, body, schemas));
  if (operation.body && asked.headers["content-type"] === "application/json") {
    const fault =
      asked.body === undefined
        ? undefined
        : schemas.faultOfRequest(operation, JSON.parse(asked.body.toString() || "{}"));
    if (fault !== undefined) faults.push(`took what is not as described: ${fault}`);
  }
  return faults;
}

function faultsOfJson(
  operation: Operation,
  status: number,
  body: string,
  schemas: DocumentedSchemas,
): string[] {
  const value = parsed(body);
  if (value === undefined) return ["no JSON"];
  const fault = schemas.faultOfAnswer(operation, status, "application/json", value);
  return fault === undefined ? [] : [`not as described: ${fault}`];
}

function faultsOfProblem(operation: Operation, { status, headers, body }: HttpAnswer): string[] {
  const type = headers.get("content-type") ?? "";
  if (type !== "application/problem+json") return [`a problem of type ${type}`];
  const problem = parsed(body) as Readonly<Record<string, unknown>> | undefined;
  if (!problem) return ["a problem that is no JSON"];
  const faults: string[] = [];
  const isWhole = ["type", "title", "detail", "instance", "traceId"].every(
    (name) => typeof problem[name] === "string",
  );
  if (!isWhole || problem["status"] !== status) faults.push("a problem without its members");
  const code = /^\/problems\/([\w-]+)$/.exec(String(problem["type"]))?.[1];
  const described = operation.answers.get(status);
  if (described && !described.description.includes(`\`${code}\``))
    faults.push(`undocumented problem ${code}`);
  if (problem["traceId"] !== headers.get("x-request-id")) faults.push("another trace id than the header has");
  if (status === 401 && !headers.has("www-authenticate")) faults.push("no www-authenticate");
  if ((status === 429 || status === 503) && !headers.has("retry-after")) faults.push("no retry-after");
  // A client's own text may come back, and so may its path; the rest of a problem is the shop's.
  if (internals.test(body.replace(/"instance":"[^"]*"/, "")))
    faults.push(`internals in ${body.slice(0, 300)}`);
  return faults;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
