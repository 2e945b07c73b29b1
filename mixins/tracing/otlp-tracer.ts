import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from "@opentelemetry/api";
import type { Context as TraceContext } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Config } from "../../config/index.ts";
import type { Span, SpanOptions, Tracer } from "./tracing.ts";

/** Spans are sent this often, and at the end. */
const sendEveryMs = 1000;
const sendWithinMs = 5000;

const kinds = {
  server: SpanKind.SERVER,
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
} as const;

export interface OtlpTracer extends Tracer {
  /** Sends what is left. */
  close(): Promise<void>;
}

/** Traces to an OpenTelemetry collector, by OTLP over HTTP. What it cannot take is thrown away, and nobody waits for it. */
export function otlpTracer({ traces, nodeId, services }: Config, url: string): OtlpTracer {
  const ratio = new TraceIdRatioBasedSampler(traces.ratio);
  const [only] = services;
  const provider = new TracerProvider({
    // Inside the shop what has begun is followed to its end; what clients ask for does not count.
    sampler: new ParentBasedSampler({ root: ratio, remoteParentSampled: ratio, remoteParentNotSampled: ratio }),
    resource: resourceFromAttributes({
      "service.namespace": "shopserver",
      "service.name": only !== undefined && services.length === 1 ? `shop-${only}` : "shop",
      "service.instance.id": nodeId,
    }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: `${url.replace(/\/+$/, "")}/v1/traces`, headers: traces.headers, timeoutMillis: sendWithinMs }),
        scheduledDelayMillis: sendEveryMs,
        exportTimeoutMillis: sendWithinMs,
      }),
    ],
  });
  const tracer = provider.getTracer("shopserver");
  return {
    begin(name, options) {
      const { kind, attributes } = options;
      return new OtlpSpan(tracer.startSpan(name, { kind: kinds[kind], attributes: { ...attributes } }, contextOf(options)));
    },
    close: async () => provider.shutdown().catch(() => undefined),
  };
}

class OtlpSpan implements Span {
  readonly #span: ReturnType<ReturnType<TracerProvider["getTracer"]>["startSpan"]>;

  constructor(span: ReturnType<ReturnType<TracerProvider["getTracer"]>["startSpan"]>) {
    this.#span = span;
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  get traceparent(): string {
    const { traceId, spanId, traceFlags } = this.#span.spanContext();
    return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
  }

  rename(name: string): void {
    this.#span.updateName(name);
  }

  note(name: string, value: string | number): void {
    this.#span.setAttribute(name, value);
  }

  fail(code: string): void {
    this.#span.setAttribute("error.type", code);
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.#span.end();
  }
}

const w3c = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:$|-)/;

/** A parent that cannot be read is none. */
function contextOf({ parent, fromOutside = false }: SpanOptions): TraceContext {
  const text = typeof parent === "string" ? parent : parent?.traceparent;
  const [, traceId, spanId, flags = "00"] = w3c.exec(text ?? "") ?? [];
  if (traceId === undefined || spanId === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: fromOutside });
}
