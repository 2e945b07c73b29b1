import type { IncomingMessage, ServerResponse } from "node:http";
import { inSpan } from "../../../mixins/observability/tracing/tracing.ts";
import type { GatewayRequest } from "../routing/moleculer-web.ts";
import { templateOf } from "../routing/moleculer-web.ts";

/** Handles a request in a span: the root of a new trace, or a child of the trace that the request names. */
export async function traceRequest(
  request: IncomingMessage,
  response: ServerResponse,
  handle: () => Promise<void>,
): Promise<void> {
  const { method = "", headers } = request;
  const parent = typeof headers["traceparent"] === "string" ? headers["traceparent"] : undefined;
  const options = {
    kind: "server",
    parent,
    isRemoteParent: true,
    attributes: { "http.request.method": method },
  } as const;
  await inSpan(
    method,
    options,
    () => "internal-error",
    async (span) => {
      await handle();
      if (!span) return;
      const alias = (request as Partial<GatewayRequest>).$alias;
      if (alias) {
        const route = templateOf(alias);
        span.updateName(`${method} ${route}`);
        span.setAttribute("http.route", route);
      }
      span.setAttribute("http.response.status_code", response.statusCode);
      if (response.statusCode >= 500) span.setError(String(response.statusCode));
    },
  );
}
