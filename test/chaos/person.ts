import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { ActionName, Input } from "../../mixins/contract/calls.ts";
import type { ActionContract, Route } from "../../mixins/contract/contract.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { requestOf } from "../replay/request.ts";
import { declared } from "../replay/shop-client.ts";
import type { Attempt, History, OperationOf } from "./history.ts";
import { judgeProblem } from "./judge-answer.ts";

/** Client timeout, above any gateway's deadline. */
export const requestTimeoutMs = 25_000;
/** How long retryable requests are retried. */
const retryWindowMs = 60_000;

interface AttemptResult {
  readonly attempt: Attempt;
  readonly outcome: "ok" | "failed" | "again" | "unknown";
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

/** A client of the shop that uses its gateways in rotation and records every request. */
export class ShopClient {
  readonly name: string;
  readonly random: () => number;
  readonly history: History;
  readonly #urls: readonly string[];
  /** Present while logged in. */
  token: string | undefined;

  constructor(name: string, urls: readonly string[], history: History, random: () => number) {
    this.name = name;
    this.#urls = urls;
    this.history = history;
    this.random = random;
  }

  /** True with this probability. */
  chance(share: number): boolean {
    return this.random() < share;
  }

  oneOf<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  /** Think time. */
  async pause(longestMs: number): Promise<void> {
    await sleep(this.random() * longestMs);
  }

  /**
   * Retries a request until it has a final result, or sends it once if a retry could repeat its effect. Does
   * not throw: refusals and unknown outcomes are in the result.
   */
  async request<N extends ActionName>(
    action: N,
    params: Input<N>,
    options: { once?: boolean } = {},
  ): Promise<OperationOf<N>> {
    const { contract, route } = declared(action);
    const number = this.history.nextNumber();
    const mayRepeat = contract.idempotent && !options.once;
    const attempts: Attempt[] = [];
    const began = Date.now();
    const first = Math.floor(this.random() * this.#urls.length);
    for (;;) {
      const gateway = (first + attempts.length) % this.#urls.length;
      const reply = await this.#send(gateway, contract, route, params);
      attempts.push(reply.attempt);
      const pauseMs =
        reply.retryAfterMs ?? Math.min(2000, 100 * 2 ** attempts.length) * (0.5 + this.random());
      const again = reply.outcome === "again" || (reply.outcome === "unknown" && mayRepeat);
      if (again && Date.now() + pauseMs < began + retryWindowMs) {
        await sleep(pauseMs);
        continue;
      }
      const operation = this.#conclude(number, action, contract, params, attempts, reply);
      if (operation.problem === "unauthenticated") this.token = undefined;
      this.history.add(operation);
      return operation;
    }
  }

  #conclude<N extends ActionName>(
    number: number,
    action: N,
    contract: ActionContract,
    params: Input<N>,
    attempts: readonly Attempt[],
    { attempt, outcome, text }: AttemptResult,
  ): OperationOf<N> {
    const common = { number, who: this.name, action, params, attempts, text };
    if (outcome === "ok") {
      const parsed = z.safeParse(contract.result, text === "" ? null : JSON.parse(text));
      if (!parsed.success)
        this.history.finding(
          `#${number} ${action} answered what its contract does not promise: ${parsed.error.message}`,
        );
      const answer = parsed.data as OperationOf<N>["answer"];
      return { ...common, outcome: "ok", problem: undefined, answer };
    }
    // The retry window ended with "retry later": an earlier attempt may have taken effect.
    const known = outcome === "failed";
    const problem = known ? (attempt.problem as OperationOf<N>["problem"]) : undefined;
    return { ...common, outcome: known ? "failed" : "unknown", problem, answer: undefined };
  }

  async #send(
    gateway: number,
    contract: ActionContract,
    route: Route,
    params: object,
  ): Promise<AttemptResult> {
    const requestId = newId();
    const [url, init] = requestOf(this.#urls[gateway] ?? "", route, params, this.token);
    const headers = new Headers(init.headers);
    headers.set("X-Request-Id", requestId);
    const at = Date.now();
    const began = performance.now();
    const attempt = (status: number | null, problem: string | null): Attempt => {
      return { gateway, at, ms: Math.round(performance.now() - began), status, problem, requestId };
    };
    try {
      const response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(requestTimeoutMs) });
      const text = await response.text();
      if (response.ok)
        return { attempt: attempt(response.status, null), outcome: "ok", text, retryAfterMs: undefined };
      const contentType = response.headers.get("Content-Type") ?? "";
      const { verdict, finding } = judgeProblem(contract, { status: response.status, contentType, text });
      if (finding) this.history.finding(`${route.method} ${route.path} (request ${requestId}): ${finding}`);
      const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
      const retryAfterMs = seconds >= 0 ? Math.min(seconds, 5) * 1000 : undefined;
      return {
        attempt: attempt(response.status, verdict.problem),
        outcome: verdict.outcome,
        text,
        retryAfterMs,
      };
    } catch (error) {
      const reason = reasonOf(error);
      // The request did not reach the gateway.
      const outcome = reason === "ECONNREFUSED" ? "again" : "unknown";
      return { attempt: attempt(null, reason), outcome, text: "", retryAfterMs: undefined };
    }
  }
}

/** `fetch` hides the cause behind "fetch failed". */
function reasonOf(error: unknown): string {
  const { name, cause, message } = error as Error;
  if (name === "TimeoutError") return "no answer";
  const { code, message: reason } = (cause ?? { message }) as NodeJS.ErrnoException;
  return code ?? reason;
}
