import { AsyncLocalStorage } from "node:async_hooks";

/** A span of a trace. */
export interface Span {
  readonly traceId: string;
  /** Trace context to propagate (W3C Trace Context). */
  readonly traceparent: string;
  updateName(name: string): void;
  setAttribute(name: string, value: string | number): void;
  /** Marks the span as failed with a code; never with a message, which may contain data. */
  setError(code: string): void;
  end(): void;
}

export interface SpanOptions {
  /** OpenTelemetry span kind. */
  readonly kind: "server" | "internal" | "client" | "consumer";
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** Parent span: of this process, or a `traceparent`. */
  readonly parent?: Span | string | undefined;
  /** The parent is an external client, whose sampling decision is ignored. */
  readonly isRemoteParent?: boolean;
}

export interface Tracer {
  startSpan(name: string, options: SpanOptions): Span;
}

let tracer: Tracer | undefined;
const current = new AsyncLocalStorage<Span | undefined>();

/** Enables tracing in this process; disabled, it costs nothing. */
export function installTracer(installed: Tracer): void {
  tracer = installed;
}

/** Disables tracing, unless another node of this process has enabled it since. */
export function removeTracer(removed: Tracer): void {
  if (tracer === removed) tracer = undefined;
}

export function isTracing(): boolean {
  return tracer !== undefined;
}

/** The active span; undefined without tracing. */
export function currentSpan(): Span | undefined {
  return tracer && current.getStore();
}

/** Runs `work` within a span, or outside of any. */
export function withSpan<T>(span: Span | undefined, work: () => T): T {
  return tracer ? current.run(span, work) : work();
}

/** Starts a span that the caller ends; undefined without tracing. */
export function startSpan(name: string, options: SpanOptions): Span | undefined {
  return tracer?.startSpan(name, options);
}

/**
 * Runs `work` in a span of its own.
 *
 * @param codeOf the code to record for an error
 */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  codeOf: (error: unknown) => string,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  const span = startSpan(name, options);
  if (!span) return work(undefined);
  try {
    return await current.run(span, () => work(span));
  } catch (error) {
    span.setError(codeOf(error));
    throw error;
  } finally {
    span.end();
  }
}
