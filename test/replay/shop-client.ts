import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { ActionName, Input, Result } from "../../services/contract/calls.ts";
import type { ActionContract, Route } from "../../services/contract/contract.ts";
import { allContracts } from "../../services/contracts.ts";
import { Latencies } from "./latencies.ts";
import { ReplayError } from "./replay-error.ts";
import { requestOf } from "./request.ts";

/** The shop's answer to a request that it did not grant. `code` is the last part of the problem's type. */
export class ShopProblem extends Error {
  override name = "ShopProblem";
  readonly code: string;
  readonly status: number;

  constructor(kind: string, status: number, code: string, detail: string) {
    super(`${kind}: ${status} ${code}${detail ? ` (${detail})` : ""}`);
    this.code = code;
    this.status = status;
  }
}

/** The request was sent, and what became of it is not known. Only for calls that must not be repeated blindly. */
export class OutcomeUnknown extends Error {
  override name = "OutcomeUnknown";
}

/** Someone who is signed in, as long as needed. */
export interface SignedIn {
  accessToken(): Promise<string>;
  /** The shop no longer takes this token; the next one will be new. */
  refused(token: string): void;
}

export interface CallOptions {
  readonly as?: SignedIn;
  /** Says that repeating does no harm here, although the action does not promise it in general. */
  readonly repeatable?: boolean;
  /** Instead of the client's own (ms). */
  readonly patienceMs?: number;
}

/** Calls the shop through REST as its contracts declare it, and waits with the shop when it asks for patience. */
export class ShopClient {
  readonly latencies = new Latencies();
  readonly #base: string;
  readonly #patienceMs: number;

  /** @param patienceMs how long a call is repeated that the shop does not answer or cannot serve */
  constructor(url: string, patienceMs: number) {
    this.#base = url.replace(/\/+$/, "");
    this.#patienceMs = patienceMs;
  }

  /**
   * Makes the request behind an action until it is answered. It is repeated with the same `Idempotency-Key` when the
   * outcome is unknown and repeating is safe, and after `Retry-After` when the shop is busy.
   *
   * @throws ShopProblem when the shop refuses
   * @throws OutcomeUnknown when it must not be repeated blindly
   * @throws ReplayError when the shop stays away, or its answer is not what the contract promises
   */
  async call<N extends ActionName>(name: N, params: Input<N>, options: CallOptions = {}): Promise<Result<N>> {
    const { contract, route } = declared(name);
    const mayRepeat = contract.idempotent || options.repeatable === true;
    const started = Date.now();
    for (let attempt = 1, rejected = 0; ; attempt += 1) {
      const token = await options.as?.accessToken();
      const answer = await this.#send(route, params, token);
      if (answer.kind === "granted") return parseResult<N>(name, contract, answer.body);

      if (answer.kind === "refused") {
        // Tokens end; one that is new and refused nevertheless is a refusal.
        if (answer.problem.status !== 401 || token === undefined || rejected++ > 0) throw answer.problem;
        options.as?.refused(token);
        continue;
      }
      if (answer.kind === "lost" && !mayRepeat)
        throw new OutcomeUnknown(`${route.method} ${route.path}: ${answer.why}`);
      const pause = answer.retryAfterMs ?? pauseBefore(attempt);
      // A shop that tells when to come again is there, and gets more time.
      const { patienceMs = this.#patienceMs } = options;
      if (Date.now() + pause > started + (answer.kind === "busy" ? 10 : 1) * patienceMs)
        throw new ReplayError(`${this.#base} did not serve ${route.method} ${route.path}: ${answer.why}`);
      await sleep(pause);
    }
  }

  /**
   * Nobody wants to wait for a shop that is not there.
   *
   * @throws ReplayError when nothing answers, or something else than the shop
   */
  async checkPresence(): Promise<void> {
    try {
      await this.call("users.jwks", {}, { patienceMs: 0 });
    } catch (error) {
      if (!(error instanceof ReplayError || error instanceof ShopProblem)) throw error;
      throw new ReplayError(`no shop can be reached at ${this.#base} (${error.message})`);
    }
  }

  async #send(route: Route, params: object, token: string | undefined): Promise<Answer> {
    const kind = `${route.method} ${route.path}`;
    const started = performance.now();
    try {
      const response = await fetch(...requestOf(this.#base, route, params, token));
      const text = await response.text();
      this.latencies.add(kind, performance.now() - started);
      if (response.ok) return { kind: "granted", body: text === "" ? null : JSON.parse(text) };
      return judge(kind, response, text);
    } catch (error) {
      this.latencies.add(kind, performance.now() - started);
      return { kind: "lost", why: reasonOf(error) };
    }
  }
}

type Answer =
  | { readonly kind: "granted"; readonly body: unknown }
  | { readonly kind: "refused"; readonly problem: ShopProblem }
  /** Nothing was done; it may be asked again. */
  | { readonly kind: "busy"; readonly why: string; readonly retryAfterMs: number }
  | { readonly kind: "lost"; readonly why: string; readonly retryAfterMs?: number | undefined };

const textOrNone = z.string().catch("");
const problemBody = z.object({ type: textOrNone, title: textOrNone, detail: textOrNone });
const noProblemBody = { type: "", title: "", detail: "" };

function judge(kind: string, response: Response, text: string): Answer {
  const problem = problemBody.catch(noProblemBody).parse(parsedOrNull(text));
  const code = problem.type.split("/").at(-1) ?? "";
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const retryAfterMs = seconds >= 0 ? Math.min(seconds, 600) * 1000 : undefined;
  const why = `${response.status} ${code}`;
  // In flight: the first request with this key is still being worked on; its outcome is what is wanted.
  if (response.status === 429 || code === "idempotency-in-flight")
    return { kind: "busy", why, retryAfterMs: retryAfterMs ?? 1000 };
  // 503 can also come when the request was passed on and its answer was lost.
  if ([502, 503, 504].includes(response.status)) return { kind: "lost", why, retryAfterMs };
  return { kind: "refused", problem: new ShopProblem(kind, response.status, code, problem.detail || problem.title) };
}

/** Doubles from a tenth of a second to three seconds, shifted at random so that callers do not return in step. */
function pauseBefore(attempt: number): number {
  return Math.min(3000, 50 * 2 ** attempt) * (0.75 + Math.random() / 2);
}

const contracts: ReadonlyMap<string, ActionContract> = new Map(
  allContracts.flatMap(({ name, actions }) =>
    Object.entries<ActionContract>(actions).map(([key, contract]) => [`${name}.${key}`, contract]),
  ),
);

/** An action as its contract declares it. @throws Error when it has no route */
export function declared(name: ActionName): { contract: ActionContract; route: Route } {
  const contract = contracts.get(name);
  if (!contract?.route) throw new Error(`${name} cannot be reached through REST`);
  return { contract, route: contract.route };
}

function parseResult<N extends ActionName>(name: N, contract: ActionContract, body: unknown): Result<N> {
  const parsed = contract.result.safeParse(body);
  if (parsed.success) return parsed.data as Result<N>;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the whole";
  throw new ReplayError(`the answer to ${name} is not what its contract promises: ${where}: ${issue?.message ?? ""}`);
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `fetch` hides the reason behind "fetch failed". */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  const { code, message: reason } = (cause ?? { message }) as NodeJS.ErrnoException;
  return code ?? reason;
}
