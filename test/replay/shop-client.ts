import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { ActionName, Input, Result } from "../../mixins/contract/calls.ts";
import type { ActionContract, Route } from "../../mixins/contract/contract.ts";
import { actionsByName } from "../../mixins/contract/registry.ts";
import { Latencies } from "./latencies.ts";
import { ReplayError } from "./replay-error.ts";
import { requestOf } from "./request.ts";
import { allContracts } from "../support/all-contracts.ts";

/** The shop's refusal. `code` is the last part of the problem's type. */
export class ShopProblem extends Error {
  override name = "ShopProblem";
  readonly code: string;
  readonly status: number;
  /** The limit, if it is the reason. */
  readonly limit: number | undefined;

  constructor(
    kind: string,
    status: number,
    code: string,
    { detail, limit }: { detail: string; limit?: number | undefined },
  ) {
    super(`${kind}: ${status} ${code}${detail ? ` (${detail})` : ""}`);
    this.code = code;
    this.status = status;
    this.limit = limit;
  }
}

/** The outcome of a sent request is unknown. Only for calls that must not be repeated blindly. */
export class OutcomeUnknown extends Error {
  override name = "OutcomeUnknown";
}

/** A login that is renewed as needed. */
export interface SignedIn {
  accessToken(): Promise<string>;
  /** Reports a rejected token, so that the next one is new. */
  refused(token: string): void;
}

export interface CallOptions {
  readonly as?: SignedIn;
  /** Declares a repetition safe here, although the action does not promise it. */
  readonly repeatable?: boolean;
  /** Instead of the client's own (ms). */
  readonly patienceMs?: number;
}

/** Typed REST client by the shop's contracts, which honours the shop's retry hints. */
export class ShopClient {
  readonly latencies = new Latencies();
  readonly #base: string;
  readonly #patienceMs: number;

  /** @param patienceMs how long a call is retried while the shop is unavailable */
  constructor(url: string, patienceMs: number) {
    this.#base = url.replace(/\/+$/, "");
    this.#patienceMs = patienceMs;
  }

  /**
   * Sends an action's request until there is a response. Retries with the same `Idempotency-Key` when the
   * outcome is unknown and a repetition is safe, and after `Retry-After` when the shop is busy.
   *
   * @throws ShopProblem when the shop refuses
   * @throws OutcomeUnknown when it must not be repeated blindly
   * @throws ReplayError when the shop stays unavailable, or violates its contract
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
        // A new token that is rejected too is a refusal.
        if (answer.problem.status !== 401 || token === undefined || rejected++ > 0) throw answer.problem;
        options.as?.refused(token);
        continue;
      }
      if (answer.kind === "lost" && !mayRepeat)
        throw new OutcomeUnknown(`${route.method} ${route.path}: ${answer.why}`);
      const pause = answer.retryAfterMs ?? pauseBefore(attempt);
      // A shop that sends Retry-After is alive and gets more time.
      const { patienceMs = this.#patienceMs } = options;
      if (Date.now() + pause > started + (answer.kind === "busy" ? 10 : 1) * patienceMs)
        throw new ReplayError(`${this.#base} did not serve ${route.method} ${route.path}: ${answer.why}`);
      await sleep(pause);
    }
  }

  /**
   * Fails early without a shop.
   *
   * @throws ReplayError when the URL is unreachable, or serves something else
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
  /** No effect; retry later. */
  | { readonly kind: "busy"; readonly why: string; readonly retryAfterMs: number }
  | { readonly kind: "lost"; readonly why: string; readonly retryAfterMs?: number | undefined };

const textOrNone = z.string().catch("");
const problemBody = z.object({
  type: textOrNone,
  title: textOrNone,
  detail: textOrNone,
  limit: z.int().optional().catch(undefined),
});
const noProblemBody = { type: "", title: "", detail: "", limit: undefined };

function judge(kind: string, response: Response, text: string): Answer {
  const problem = problemBody.catch(noProblemBody).parse(parsedOrNull(text));
  const code = problem.type.split("/").at(-1) ?? "";
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const retryAfterMs = seconds >= 0 ? Math.min(seconds, 600) * 1000 : undefined;
  const why = `${response.status} ${code}`;
  // The first request with this key is in flight; wait for its outcome.
  if (response.status === 429 || code === "idempotency-in-flight")
    return { kind: "busy", why, retryAfterMs: retryAfterMs ?? 1000 };
  // A 503 may also follow a forwarded request whose response was lost.
  if ([502, 503, 504].includes(response.status)) return { kind: "lost", why, retryAfterMs };
  return {
    kind: "refused",
    problem: new ShopProblem(kind, response.status, code, {
      detail: problem.detail || problem.title,
      limit: problem.limit,
    }),
  };
}

/** Doubles from a tenth of a second to three seconds, shifted at random so that callers do not return in step. */
function pauseBefore(attempt: number): number {
  return Math.min(3000, 50 * 2 ** attempt) * (0.75 + Math.random() / 2);
}

const contracts = actionsByName(allContracts);

/** An action as its contract declares it. @throws Error when it has no route */
export function declared(name: ActionName): { contract: ActionContract; route: Route } {
  const contract = contracts.get(name);
  if (!contract?.route) throw new Error(`${name} cannot be reached through REST`);
  return { contract, route: contract.route };
}

function parseResult<N extends ActionName>(name: N, contract: ActionContract, body: unknown): Result<N> {
  const parsed = z.safeParse(contract.result, body);
  if (parsed.success) return parsed.data as Result<N>;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the whole";
  throw new ReplayError(
    `the answer to ${name} is not what its contract promises: ${where}: ${issue?.message ?? ""}`,
  );
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `fetch` hides the cause behind "fetch failed". */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  const { code, message: reason } = (cause ?? { message }) as NodeJS.ErrnoException;
  return code ?? reason;
}
