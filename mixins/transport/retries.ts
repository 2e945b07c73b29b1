import { setTimeout as sleep } from "node:timers/promises";
import type { CallingOptions, Middleware } from "moleculer";
import type { ActionContract, ServiceContract } from "../../services/contract/contract.ts";
import { allContracts } from "../../services/contracts.ts";

type Call = (action: string, params: unknown, options?: CallingOptions) => Promise<unknown>;

const attempts = 5;
const firstPauseMs = 50;

/** Retries are paid from what ordinary calls earn, so that they cannot multiply the load of a shop in trouble. */
const earnedPerCall = 0.1;
const mostSaved = 100;

/** The call did not reach a handler, or the node went away with it. A time-out is not among them: its time is up. */
const transient = new Set([
  "SERVICE_NOT_FOUND",
  "SERVICE_NOT_AVAILABLE",
  "REQUEST_REJECTED",
  "REQUEST_RETURNED",
  "BAD_GATEWAY",
]);

/** A node has died. That happens once for each call that was under way there, so these are not paid for. */
const nodeDied = new Set(["REQUEST_REJECTED", "REQUEST_RETURNED"]);

/**
 * Calls again, elsewhere if there is an elsewhere, what failed on the way and either is idempotent by its contract or
 * has surely reached nobody. Only the call itself is repeated, not one on whose behalf it was made, so that retries do
 * not multiply along a chain.
 *
 * @param timeoutMs how long a call may take, all its tries together, when neither it nor its contract says otherwise
 */
export function retries(timeoutMs: number): Middleware {
  const contracts = actionContracts(allContracts);
  let saved = mostSaved;
  const call = (next: Call): Call => {
    return async (action, params, options) => {
      saved = Math.min(mostSaved, saved + earnedPerCall);
      const began = Date.now();
      let left = options;
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await next(action, params, left);
        } catch (error) {
          const failure = failureOnTheWay(error, action);
          const contract = contracts.get(action);
          const repeatable = contract?.idempotent || failure === "REQUEST_RETURNED";
          const price = nodeDied.has(failure ?? "") ? 0 : 1;
          if (!failure || !repeatable || attempt === attempts || saved < price) throw error;
          saved -= price;
          await sleep(Math.random() * firstPauseMs * 2 ** attempt);
          // The caller's time goes on meanwhile; 0 is no limit.
          const allowed = options?.timeout ?? contract?.timeout ?? timeoutMs;
          const timeout = allowed - (Date.now() - began);
          if (allowed > 0 && timeout <= 0) throw error;
          if (allowed > 0) left = { ...options, timeout };
          if (failure === "REQUEST_REJECTED") left = { ...left, meta: { ...options?.meta, takesOver: true } };
        }
      }
    };
  };
  // The framework's type leaves out that this returns the wrapped function.
  return { name: "Retries", call: call as unknown as Middleware["call"] };
}

function actionContracts(contracts: readonly ServiceContract[]): Map<string, ActionContract> {
  return new Map(contracts.flatMap(({ name, actions }) => Object.entries(actions).map(([key, declared]) => [`${name}.${key}`, declared])));
}

/** @returns what kind of failure it was; undefined when an action was reached, or another one is to blame */
function failureOnTheWay(error: unknown, action: string): string | undefined {
  if (!(error instanceof Error) || !("type" in error) || !transient.has(String(error.type))) return undefined;
  const data = "data" in error ? (error.data as { action?: string } | undefined) : undefined;
  return data?.action === undefined || data.action === action ? String(error.type) : undefined;
}
