import { setTimeout as sleep } from "node:timers/promises";
import type { ActionName, Input } from "../../services/contract/calls.ts";
import type { ActionContract, Route } from "../../services/contract/contract.ts";
import { newId } from "../../services/contract/ids.ts";
import { requestOf } from "../replay/request.ts";
import { declared } from "../replay/shop-client.ts";
import type { Attempt, History, OperationOf } from "./history.ts";
import { judgeProblem } from "./judge-answer.ts";

/** How long a client waits for one answer: longer than any gateway may take. */
export const patienceMs = 25_000;
/** How long it goes on asking for something that may be asked for again. */
const persistenceMs = 60_000;

interface Reply {
  readonly attempt: Attempt;
  readonly outcome: "ok" | "failed" | "again" | "unknown";
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

/** Someone who uses the shop through its gateways, one of them at a time, and whose every wish is recorded. */
export class Person {
  readonly name: string;
  readonly random: () => number;
  readonly history: History;
  readonly #urls: readonly string[];
  /** While signed in. */
  token: string | undefined;

  constructor(name: string, urls: readonly string[], history: History, random: () => number) {
    this.name = name;
    this.#urls = urls;
    this.history = history;
    this.random = random;
  }

  /** True in this share of all cases. */
  chance(share: number): boolean {
    return this.random() < share;
  }

  oneOf<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  /** Thinks for a while. */
  async pause(longestMs: number): Promise<void> {
    await sleep(this.random() * longestMs);
  }

  /**
   * Asks for something until it is answered, or once when asking again could do it twice. It never throws: what the
   * shop refuses, and what nobody knows, is in the outcome.
   */
  async want<N extends ActionName>(action: N, params: Input<N>, options: { once?: boolean } = {}): Promise<OperationOf<N>> {
    const { contract, route } = declared(action);
    const number = this.history.nextNumber();
    const mayRepeat = contract.idempotent && !options.once;
    const attempts: Attempt[] = [];
    const began = Date.now();
    const first = Math.floor(this.random() * this.#urls.length);
    for (;;) {
      const gateway = (first + attempts.length) % this.#urls.length;
      const reply = await this.#ask(gateway, contract, route, params);
      attempts.push(reply.attempt);
      const pauseMs = reply.retryAfterMs ?? Math.min(2000, 100 * 2 ** attempts.length) * (0.5 + this.random());
      const again = reply.outcome === "again" || (reply.outcome === "unknown" && mayRepeat);
      if (again && Date.now() + pauseMs < began + persistenceMs) {
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
    { attempt, outcome, text }: Reply,
  ): OperationOf<N> {
    const common = { number, who: this.name, action, params, attempts, text };
    if (outcome === "ok") {
      const parsed = contract.result.safeParse(text === "" ? null : JSON.parse(text));
      if (!parsed.success)
        this.history.finding(`#${number} ${action} answered what its contract does not promise: ${parsed.error.message}`);
      const answer = parsed.data as OperationOf<N>["answer"];
      return { ...common, outcome: "ok", problem: undefined, answer };
    }
    // Told to come again until patience ran out: an earlier attempt may have done it.
    const known = outcome === "failed";
    const problem = known ? (attempt.problem as OperationOf<N>["problem"]) : undefined;
    return { ...common, outcome: known ? "failed" : "unknown", problem, answer: undefined };
  }

  async #ask(gateway: number, contract: ActionContract, route: Route, params: object): Promise<Reply> {
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
      const response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(patienceMs) });
      const text = await response.text();
      if (response.ok) return { attempt: attempt(response.status, null), outcome: "ok", text, retryAfterMs: undefined };
      const contentType = response.headers.get("Content-Type") ?? "";
      const { verdict, finding } = judgeProblem(contract, { status: response.status, contentType, text });
      if (finding) this.history.finding(`${route.method} ${route.path} (request ${requestId}): ${finding}`);
      const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
      const retryAfterMs = seconds >= 0 ? Math.min(seconds, 5) * 1000 : undefined;
      return { attempt: attempt(response.status, verdict.problem), outcome: verdict.outcome, text, retryAfterMs };
    } catch (error) {
      const reason = reasonOf(error);
      // Nobody was there to be told anything.
      const outcome = reason === "ECONNREFUSED" ? "again" : "unknown";
      return { attempt: attempt(null, reason), outcome, text: "", retryAfterMs: undefined };
    }
  }
}

/** `fetch` hides the reason behind "fetch failed". */
function reasonOf(error: unknown): string {
  const { name, cause, message } = error as Error;
  if (name === "TimeoutError") return "no answer";
  const { code, message: reason } = (cause ?? { message }) as NodeJS.ErrnoException;
  return code ?? reason;
}
