import type { ActionHandler, ActionSchema, CallingOptions, Context, Middleware } from "moleculer";
import type { ServiceContract } from "../../contract/contract.ts";
import { actionsByName } from "../../contract/registry.ts";
import { errorCode } from "../error-code.ts";
import { currentSpan, inSpan } from "./tracing.ts";

type Call = (action: string, params: unknown, options?: CallingOptions) => Promise<unknown>;

/** Propagates the trace context with calls, in a header: `meta` would travel back to the caller. */
export function propagateTraces(): Middleware {
  const call = (next: Call): Call => {
    return (action, params, options) => {
      const span = currentSpan();
      if (!span) return next(action, params, options);
      return next(action, params, {
        ...options,
        headers: { ...options?.headers, traceparent: span.traceparent },
      });
    };
  };
  // Moleculer's type omits that `call` returns the wrapped function.
  return { name: "SendTraces", call: call as unknown as Middleware["call"] };
}

/** Records a span for each action call within a trace. */
export function traceActions(contracts: readonly ServiceContract[]): Middleware {
  const traced = actionsByName(contracts);
  return {
    name: "TraceActions",
    localAction: (next: ActionHandler, action: ActionSchema): ActionHandler => {
      const name = action.name ?? "";
      if (!traced.has(name)) return next;
      return async function inTrace(this: unknown, ctx: Context) {
        const { traceparent } = ctx.headers as { traceparent?: string };
        const parent = traceparent ?? currentSpan();
        if (parent === undefined) return (await next.call(this as never, ctx)) as unknown;
        const attributes = { "shop.action": name, "shop.request_id": ctx.requestID ?? "" };
        return inSpan(
          name,
          { kind: "internal", parent, attributes },
          errorCode,
          async () => (await next.call(this as never, ctx)) as unknown,
        );
      };
    },
  };
}
