import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from "@opentelemetry/api";
import type { Context as TraceContext } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { Config } from "../../../config/index.ts";
import type { Span, SpanOptions, Tracer } from "./tracing.ts";

/** Interval of the span export. */
const exportIntervalMs = 1000;
const exportTimeoutMs = 5000;

const kinds = {
  server: SpanKind.SERVER,
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
} as const;

export interface OtlpTracer extends Tracer {
  /** Exports the remaining spans. */
  close(): Promise<void>;
}

/** Exports traces by OTLP over HTTP, in the background. Spans that the collector rejects are dropped. */
export function otlpTracer({ traces, nodeId, services }: Config, url: string): OtlpTracer {
  const ratio = new TraceIdRatioBasedSampler(traces.ratio);
  const [onlyService] = services;
  const provider = new TracerProvider({
    // Within the shop a sampled trace stays sampled; the flag of external clients is ignored.
    sampler: new ParentBasedSampler({
      root: ratio,
      remoteParentSampled: ratio,
      remoteParentNotSampled: ratio,
    }),
    resource: resourceFromAttributes({
      "service.namespace": "shopserver",
      "service.name": onlyService !== undefined && services.length === 1 ? `shop-${onlyService}` : "shop",
      "service.instance.id": nodeId,
    }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({
          url: `${url.replace(/\/+$/, "")}/v1/traces`,
          headers: traces.headers,
          timeoutMillis: exportTimeoutMs,
        }),
        scheduledDelayMillis: exportIntervalMs,
        exportTimeoutMillis: exportTimeoutMs,
      }),
    ],
  });
  const tracer = provider.getTracer("shopserver");
  return {
    startSpan(name, options) {
      const { kind, attributes } = options;
      return new OtlpSpan(
        tracer.startSpan(name, { kind: kinds[kind], attributes: { ...attributes } }, contextOf(options)),
      );
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

  updateName(name: string): void {
    this.#span.updateName(name);
  }

  setAttribute(name: string, value: string | number): void {
    this.#span.setAttribute(name, value);
  }

  setError(code: string): void {
    this.#span.setAttribute("error.type", code);
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.#span.end();
  }
}

const traceparentPattern =
  /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:$|-)/;

/** An invalid parent starts a new trace. */
function contextOf({ parent, isRemoteParent = false }: SpanOptions): TraceContext {
  const text = typeof parent === "string" ? parent : parent?.traceparent;
  const [, traceId, spanId, flags = "00"] = traceparentPattern.exec(text ?? "") ?? [];
  if (traceId === undefined || spanId === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: isRemoteParent });
}
