import type { IncomingMessage, ServerResponse } from "node:http";
import { inSpan } from "../../mixins/tracing/tracing.ts";
import type { GatewayRequest } from "./moleculer-web.ts";
import { templateOf } from "./moleculer-web.ts";

/** Answers a request as the first step of its trace, or as a part of the one that it names. */
export async function traceRequest(request: IncomingMessage, response: ServerResponse, answer: () => Promise<void>): Promise<void> {
  const { method = "", headers } = request;
  const parent = typeof headers["traceparent"] === "string" ? headers["traceparent"] : undefined;
  const options = { kind: "server", parent, fromOutside: true, attributes: { "http.request.method": method } } as const;
  await inSpan(method, options, () => "internal-error", async (span) => {
    await answer();
    if (!span) return;
    const alias = (request as Partial<GatewayRequest>).$alias;
    if (alias) {
      const route = templateOf(alias);
      span.rename(`${method} ${route}`);
      span.note("http.route", route);
    }
    span.note("http.response.status_code", response.statusCode);
    if (response.statusCode >= 500) span.fail(String(response.statusCode));
  });
}
