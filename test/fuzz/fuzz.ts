import fc from "fast-check";
import type { FuzzAnswer } from "./judge.ts";
import { faultsOf } from "./judge.ts";
import type { ApiDocument, Operation } from "./operations.ts";
import { operationsOf } from "./operations.ts";
import type { FuzzRequest, Sender } from "./requests.ts";
import { requestsOf } from "./requests.ts";

export interface FuzzOptions {
  /** Of the gateway, without a slash at the end. */
  readonly url: string;
  readonly seed: number;
  readonly requests: number;
  /** Makes access tokens, again when one is not good any more: requests end sessions. */
  readonly signIn: () => Promise<Readonly<Record<Exclude<Sender, "guest">, string>>>;
  readonly concurrency?: number;
}

export interface FuzzReport {
  readonly seed: number;
  readonly requests: number;
  readonly operations: number;
  /** Operations of which no request succeeded. */
  readonly neverDone: readonly string[];
  readonly statuses: Readonly<Record<number, number>>;
  readonly faults: readonly string[];
}

const perRound = 500;
const mostKnown = 300;
const unknown = "0190a000-0000-7000-8000-000000000000";
const faultsKept = 30;

/** Sends requests that the API's own description and a seed make up, and judges every answer. */
export async function fuzz({ url, seed, requests, signIn, concurrency = 8 }: FuzzOptions): Promise<FuzzReport> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as ApiDocument;
  const operations = operationsOf(document);
  const known = new Set<string>([unknown]);
  const statuses: Record<number, number> = {};
  const faults: string[] = [];
  const done = new Set<Operation>();
  let sent = 0;

  let tokens: Promise<Readonly<Record<string, string>>> = signIn();
  const answerTo = async (request: FuzzRequest): Promise<FuzzAnswer> => {
    const mine = tokens;
    const token = (await mine)[request.sender];
    const answer = await send(url, request, token);
    if (token === undefined || answer.status !== 401 || !answer.body.includes("/problems/unauthenticated")) return answer;
    if (tokens === mine) tokens = signIn();
    return send(url, request, (await tokens)[request.sender]);
  };
  const one = async (request: FuzzRequest) => {
    const answer = await answerTo(request);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    if (answer.status < 400) {
      done.add(request.operation);
      for (const [, id = ""] of answer.body.matchAll(/"(?:id|slug|code)":"([^"\\]{1,80})"/g)) if (known.size < mostKnown) known.add(id);
    }
    for (const fault of faultsOf(request, answer)) if (faults.length < faultsKept) faults.push(`${fault}: ${told(request)}`);
  };

  while (sent < requests) {
    const round = fc.sample(requestsOf(document, operations, [...known]), { seed: seed + sent, numRuns: Math.min(perRound, requests - sent) });
    sent += round.length;
    const waiting = [...round];
    const worker = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await one(next);
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }
  const neverDone = operations.filter((operation) => !done.has(operation)).map(({ name }) => name);
  return { seed, requests: sent, operations: operations.length, neverDone, statuses, faults };
}

async function send(url: string, { operation, url: path, headers, body }: FuzzRequest, token: string | undefined): Promise<FuzzAnswer> {
  const response = await fetch(url + path, {
    method: operation.method,
    headers: token ? { ...headers, authorization: `Bearer ${token}` } : headers,
    body,
    redirect: "manual",
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

function told({ operation, sender, url, headers, body }: FuzzRequest): string {
  return `${operation.method} ${url.slice(0, 300)} as ${sender} ${JSON.stringify(headers).slice(0, 300)} ${body?.slice(0, 600) ?? ""}`;
}
