import fc from "fast-check";
import { newId } from "../../mixins/contract/ids.ts";
import type { HttpAnswer } from "../support/http.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import { DocumentedSchemas } from "./answer-schemas.ts";
import { faultsOf } from "./judge.ts";
import type { ApiDocument, Operation } from "./operations.ts";
import { operationsOf } from "./operations.ts";
import type { FuzzRequest, PlannedRequest } from "./requests.ts";
import { requestOf, requestsFor } from "./requests.ts";
import { repeat } from "./repeat.ts";
import type { AskAs } from "./visit.ts";
import { visit } from "./visit.ts";
import type { Existing, Sender } from "./world.ts";
import { KnownResources } from "./world.ts";

export interface SignedIn {
  /** Access tokens. */
  readonly tokens: Readonly<Record<Exclude<Sender, "guest">, string>>;
  /** False for the customer of before, who has what they had. */
  readonly isNewCustomer: boolean;
}

export interface FuzzOptions {
  /** Base URL of the gateway without a trailing slash. */
  readonly url: string;
  readonly seed: number;
  readonly requests: number;
  /** Logs in, again when a token has become invalid: requests end sessions, and accounts. */
  readonly signIn: () => Promise<SignedIn>;
  /** What exists before the first request. */
  readonly existing?: readonly Existing[];
  /** A valid body of each media type other than JSON, as far as there is one. */
  readonly files?: Readonly<Record<string, Buffer>>;
  /** Secrets mailed since the last call. */
  readonly mailed?: () => Promise<readonly string[]>;
  /** Values a person knows beyond responses, by their name in requests. */
  readonly known?: Readonly<Record<string, unknown>>;
  /** Values that a person's device derives from a response, by their name in requests. */
  readonly derived?: (answer: string) => Readonly<Record<string, unknown>>;
  readonly concurrency?: number;
}

export interface FuzzReport {
  readonly seed: number;
  readonly requests: number;
  /** Repeated requests, to verify that nothing happens twice. */
  readonly repeated: number;
  readonly operations: number;
  /** Operations without a successful request. */
  readonly neverDone: readonly string[];
  /** Number of schemas that responses and requests were validated against. */
  readonly schemas: number;
  readonly statuses: Readonly<Record<number, number>>;
  readonly faults: readonly string[];
  /** Changes by staff: the ids of successful requests, by operation. */
  readonly staffWrites: Readonly<Record<string, readonly string[]>>;
}

/** Requests per round, between which plans are drawn and mail is read. */
const perRound = 100;
const faultsKept = 30;
/** One value in this many is hostile. */
const hostileOneIn = 40;
const badTokens = new Set(["unauthenticated", "step-up-required"]);

/** Sends seeded random requests generated from the API's description, and judges every response. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const {
    url,
    seed,
    requests,
    signIn,
    mailed = async () => [],
    known = {},
    existing = [],
    files = {},
    derived = () => ({}),
    concurrency = 8,
  } = options;
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as ApiDocument;
  const operations = operationsOf(document);
  const arbitraries = new Map(
    operations.map((operation) => [operation, requestsFor(operation, { document, hostileOneIn, files })]),
  );
  const schemas = new DocumentedSchemas(document);
  const resources = new KnownResources(operations);
  for (const [name, value] of Object.entries(known)) resources.name(name, value);
  for (const { shape, values, sender } of existing) resources.addIds(shape, values, sender);
  const statuses: Record<number, number> = {};
  const faults: string[] = [];
  const staffWrites: Record<string, string[]> = {};
  const successes = new Map<Operation, number>(operations.map((operation) => [operation, 0]));
  const tries = new Map<Operation, number>();
  const triesOf = (operation: Operation) => tries.get(operation) ?? 0;
  let [sent, repeated] = [0, 0];

  let signedIn = signIn();
  const answerTo = async (
    request: FuzzRequest,
  ): Promise<{ answer: HttpAnswer; token: string | undefined }> => {
    const { sender } = request;
    if (sender === "guest") return { answer: await send(url, request, undefined), token: undefined };
    const mine = signedIn;
    const token = (await mine).tokens[sender];
    const answer = await send(url, request, token);
    if (answer.status !== 401 || !badTokens.has(problemIn(answer) ?? "")) return { answer, token };
    if (signedIn === mine) {
      signedIn = signIn();
      if ((await signedIn).isNewCustomer) resources.forgetSender("customer");
    }
    const another = (await signedIn).tokens[sender];
    return { answer: await send(url, request, another), token: another };
  };
  const judge = (request: FuzzRequest, answer: HttpAnswer, more: readonly string[] = []) => {
    for (const fault of [...faultsOf(request, answer, schemas), ...more])
      if (faults.length < faultsKept)
        faults.push(`${fault}: ${told(request)} -> ${answer.status} ${answer.body.slice(0, 300)}`);
  };
  const one = async (plan: PlannedRequest) => {
    const request = requestOf(plan, resources);
    const { operation, sender } = request;
    tries.set(operation, triesOf(operation) + 1);
    const { answer, token } = await answerTo(request);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    judge(request, answer);
    if (answer.status >= 400) {
      resources.learnFromProblem(answer);
      return;
    }
    successes.set(operation, (successes.get(operation) ?? 0) + 1);
    if (operation.audience === "permitted" && operation.method !== "GET" && sender === "administrator")
      (staffWrites[operation.name] ??= []).push(answer.headers.get("x-request-id") ?? "");
    resources.learn(operation, request.path, sender, answer);
    for (const [name, value] of Object.entries(derived(answer.body))) resources.name(name, value);
    const again = await repeat(request, answer, (changed) => send(url, changed, token));
    if (!again) return;
    repeated += 1;
    judge(again.request, again.answer, again.faults);
  };

  const ask: AskAs = async (sender, { method, path, body }) => {
    const at = `/api/v1${path}`;
    const operation = operations.find(
      (one) => one.method === method && new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(at),
    );
    if (!operation) throw new Error(`there is no ${method} ${at}`);
    const headers = { "content-type": "application/json", "Idempotency-Key": newId() };
    const request = {
      operation,
      sender,
      path: at,
      url: at,
      headers: method === "GET" ? {} : headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    };
    const { answer } = await answerTo(request);
    judge(request, answer);
    if (answer.status < 400) resources.learn(operation, at, sender, answer);
    return answer;
  };

  while (sent < requests) {
    await visit(ask);
    for (const token of await mailed())
      for (const kind of ["password-resets", "email-verifications"])
        resources.addIds(`/api/v1/auth/${kind}/{}`, [token], "guest");
    const count = Math.min(perRound, requests - sent);
    // Operations that rarely succeed are tried more often, the least tried ones first.
    const seldom = [...successes]
      .sort(([one, some], [other, others]) => some - others || triesOf(one) - triesOf(other))
      .slice(0, operations.length / 4)
      .map(([operation]) => operation);
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
  return {
    seed,
    requests: sent,
    repeated,
    operations: operations.length,
    neverDone,
    schemas: schemas.used,
    statuses,
    faults,
    staffWrites,
  };
}

function send(
  url: string,
  { operation, url: path, headers, body }: FuzzRequest,
  token: string | undefined,
): Promise<HttpAnswer> {
  return sendHttp(url, { method: operation.method, path, token, headers, body });
}

function told({ operation, sender, url, headers, body }: FuzzRequest): string {
  return `${operation.method} ${url.slice(0, 300)} as ${sender} ${JSON.stringify(headers).slice(0, 300)} ${body?.toString().slice(0, 600) ?? ""}`;
}
