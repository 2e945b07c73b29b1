import { setTimeout as sleep } from "node:timers/promises";
import type { CallingOptions, Middleware } from "moleculer";
import type { ServiceContract } from "../contract/contract.ts";
import { actionsByName } from "../contract/registry.ts";

type Call = (action: string, params: unknown, options?: CallingOptions) => Promise<unknown>;

const maxAttempts = 5;
const firstBackoffMs = 50;

/**
 * Retry budget: each call deposits a fraction and each retry withdraws one, so that retries cannot multiply
 * the load during an outage.
 */
const depositPerCall = 0.1;
const maxBudget = 100;

/** The call reached no handler, or its node died. Timeouts are not retried: the deadline has passed. */
const transient = new Set([
  "SERVICE_NOT_FOUND",
  "SERVICE_NOT_AVAILABLE",
  "REQUEST_REJECTED",
  "REQUEST_RETURNED",
  "BAD_GATEWAY",
]);

/** A node died, which costs each of its calls at most one retry: exempt from the budget. */
const nodeDied = new Set(["REQUEST_REJECTED", "REQUEST_RETURNED"]);

/**
 * Retries calls that failed in transit, preferably on another node, if they are idempotent by contract or
 * provably reached no handler. Retries only the failed call itself, so that retries do not multiply along a
 * chain.
 *
 * @param allContracts of all installed services
 * @param timeoutMs default timeout of a call, over all attempts
 */
export function retryMiddleware(allContracts: readonly ServiceContract[], timeoutMs: number): Middleware {
  const contracts = actionsByName(allContracts);
  let budget = maxBudget;
  const call = (next: Call): Call => {
    return async (action, params, options) => {
      budget = Math.min(maxBudget, budget + depositPerCall);
      const startedAt = Date.now();
      let remaining = options;
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await next(action, params, remaining);
        } catch (error) {
          const failureType = transientFailureType(error, action);
          const contract = contracts.get(action);
          const repeatable = contract?.idempotent || failureType === "REQUEST_RETURNED";
          const withdrawal = nodeDied.has(failureType ?? "") ? 0 : 1;
          if (!failureType || !repeatable || attempt === maxAttempts || budget < withdrawal) throw error;
          budget -= withdrawal;
          await sleep(Math.random() * firstBackoffMs * 2 ** attempt);
          // The deadline includes retries; 0 means no limit.
          const allowed = options?.timeout ?? contract?.timeout ?? timeoutMs;
          const timeout = allowed - (Date.now() - startedAt);
          if (allowed > 0 && timeout <= 0) throw error;
          if (allowed > 0) remaining = { ...options, timeout };
          if (failureType === "REQUEST_REJECTED")
            remaining = { ...remaining, meta: { ...options?.meta, takesOver: true } };
        }
      }
    };
  };
  // Moleculer's type omits that `call` returns the wrapped function.
  return { name: "Retry", call: call as unknown as Middleware["call"] };
}

/** @returns the kind of failure; undefined when a handler was reached or a nested call failed */
function transientFailureType(error: unknown, action: string): string | undefined {
  if (!(error instanceof Error) || !("type" in error) || !transient.has(String(error.type))) return undefined;
  const data = "data" in error ? (error.data as { action?: string } | undefined) : undefined;
  return data?.action === undefined || data.action === action ? String(error.type) : undefined;
}
