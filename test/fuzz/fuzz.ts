import fc from "fast-check";
import { newId } from "../../services/contract/ids.ts";
import type { HttpAnswer } from "../support/http.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import { DocumentedSchemas } from "./answer-schemas.ts";
import { faultsOf } from "./judge.ts";
import type { ApiDocument, Operation } from "./operations.ts";
import { operationsOf } from "./operations.ts";
import type { FuzzRequest, PlannedRequest, Sender } from "./requests.ts";
import { requestOf, requestsFor } from "./requests.ts";
import { repeat } from "./repeat.ts";
import type { AskAs } from "./visit.ts";
import { visit } from "./visit.ts";
import { World } from "./world.ts";

export type Tokens = Readonly<Record<Exclude<Sender, "guest">, string>>;

export interface FuzzOptions {
  /** Of the gateway, without a slash at the end. */
  readonly url: string;
  readonly seed: number;
  readonly requests: number;
  /** Makes accounts and their access tokens, again when one is not good any more: requests end sessions. */
  readonly signIn: () => Promise<Tokens>;
  /** Secrets that were mailed since it was asked last. */
  readonly mailed?: () => Promise<readonly string[]>;
  /** What a person knows besides what answers tell, by the name under which requests have it. */
  readonly known?: Readonly<Record<string, unknown>>;
  /** What a person's device makes of an answer, in the same way. */
  readonly derived?: (answer: string) => Readonly<Record<string, unknown>>;
  readonly concurrency?: number;
}

export interface FuzzReport {
  readonly seed: number;
  readonly requests: number;
  /** Requests that were sent once more, to see that nothing happens twice. */
  readonly repeated: number;
  readonly operations: number;
  /** Operations of which no request succeeded. */
  readonly neverDone: readonly string[];
  /** How many schemas of the document answers and requests were held against. */
  readonly schemas: number;
  readonly statuses: Readonly<Record<number, number>>;
  readonly faults: readonly string[];
  /** What staff have changed: the ids of successful requests, by operation. */
  readonly staffWrites: Readonly<Record<string, readonly string[]>>;
}

/** Plans are drawn, and mail is read, for so many requests at once. */
const perRound = 100;
const faultsKept = 30;
/** One in so many values is hostile. */
const hostileOneIn = 40;
const badTokens = new Set(["unauthenticated", "step-up-required"]);

/** Sends requests that the API's own description and a seed make up, and judges every answer. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { url, seed, requests, signIn, mailed = async () => [], known = {}, derived = () => ({}), concurrency = 8 } = options;
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as ApiDocument;
  const operations = operationsOf(document);
  const arbitraries = new Map(operations.map((operation) => [operation, requestsFor(operation, { document, hostileOneIn })]));
  const schemas = new DocumentedSchemas(document);
  const world = new World(operations);
  for (const [name, value] of Object.entries(known)) world.name(name, value);
  const statuses: Record<number, number> = {};
  const faults: string[] = [];
  const staffWrites: Record<string, string[]> = {};
  const successes = new Map<Operation, number>(operations.map((operation) => [operation, 0]));
  let [sent, repeated] = [0, 0];

  let tokens: Promise<Readonly<Record<string, string>>> = signIn();
  const answerTo = async (request: FuzzRequest): Promise<{ answer: HttpAnswer; token: string | undefined }> => {
    const mine = tokens;
    const token = (await mine)[request.sender];
    const answer = await send(url, request, token);
    if (request.sender === "guest" || answer.status !== 401 || !badTokens.has(problemIn(answer) ?? "")) return { answer, token };
    if (tokens === mine) {
      tokens = signIn();
      world.forgetSender("customer");
    }
    const another = (await tokens)[request.sender];
    return { answer: await send(url, request, another), token: another };
  };
  const judge = (request: FuzzRequest, answer: HttpAnswer, more: readonly string[] = []) => {
    for (const fault of [...faultsOf(request, answer, schemas), ...more])
      if (faults.length < faultsKept) faults.push(`${fault}: ${told(request)} -> ${answer.status} ${answer.body.slice(0, 300)}`);
  };
  const one = async (plan: PlannedRequest) => {
    const request = requestOf(plan, world);
    const { operation, sender } = request;
    const { answer, token } = await answerTo(request);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    judge(request, answer);
    if (answer.status >= 400) {
      world.learnFromProblem(answer);
      return;
    }
    successes.set(operation, (successes.get(operation) ?? 0) + 1);
    if (operation.audience === "permitted" && operation.method !== "GET" && sender === "administrator") (staffWrites[operation.name] ??= []).push(answer.headers.get("x-request-id") ?? "");
    world.learn(operation, request.path, sender, answer);
    for (const [name, value] of Object.entries(derived(answer.body))) world.name(name, value);
    const again = await repeat(request, answer, (changed) => send(url, changed, token));
    if (!again) return;
    repeated += 1;
    judge(again.request, again.answer, again.faults);
  };

  const ask: AskAs = async (sender, { method, path, body }) => {
    const at = `/api/v1${path}`;
    const operation = operations.find((one) => one.method === method && new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(at));
    if (!operation) throw new Error(`there is no ${method} ${at}`);
    const headers = { "content-type": "application/json", "Idempotency-Key": newId() };
    const request = { operation, sender, path: at, url: at, headers: method === "GET" ? {} : headers, body: body === undefined ? undefined : JSON.stringify(body) };
    const { answer } = await answerTo(request);
    judge(request, answer);
    if (answer.status < 400) world.learn(operation, at, sender, answer);
    return answer;
  };

  while (sent < requests) {
    await visit(ask);
    for (const token of await mailed()) for (const kind of ["password-resets", "email-verifications"]) world.add(`/api/v1/auth/${kind}/{}`, { values: [token], sender: "guest", token: undefined, version: undefined, inside: new Map() });
    const count = Math.min(perRound, requests - sent);
    // What has seldom succeeded is tried oftener.
    const seldom = [...successes].sort(([, some], [, others]) => some - others).slice(0, operations.length / 4).map(([operation]) => operation);
    const choice = fc.oneof(fc.constantFrom(...operations), fc.constantFrom(...seldom));
    const chosen = fc.sample(choice, { seed: seed + sent, numRuns: count });
    const waiting = chosen.flatMap((operation, index) => {
      const plans = arbitraries.get(operation);
      return plans ? fc.sample(plans, { seed: seed + sent + index, numRuns: 1 }) : [];
    });
    sent += count;
    const worker = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await one(next);
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }
  const neverDone = [...successes].filter(([, times]) => times === 0).map(([{ name }]) => name);
  return { seed, requests: sent, repeated, operations: operations.length, neverDone, schemas: schemas.used, statuses, faults, staffWrites };
}

function send(url: string, { operation, url: path, headers, body }: FuzzRequest, token: string | undefined): Promise<HttpAnswer> {
  return sendHttp(url, { method: operation.method, path, token, headers, body });
}

function told({ operation, sender, url, headers, body }: FuzzRequest): string {
  return `${operation.method} ${url.slice(0, 300)} as ${sender} ${JSON.stringify(headers).slice(0, 300)} ${body?.slice(0, 600) ?? ""}`;
}
