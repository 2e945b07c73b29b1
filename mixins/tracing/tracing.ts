import { AsyncLocalStorage } from "node:async_hooks";

/** One step of a request, from its beginning to its end. */
export interface Span {
  readonly traceId: string;
  /** How others go on with the trace (W3C Trace Context). */
  readonly traceparent: string;
  rename(name: string): void;
  note(name: string, value: string | number): void;
  /** It came to nothing; a code says why, never a text that could tell more. */
  fail(code: string): void;
  end(): void;
}

export interface SpanOptions {
  /** What began it: a request from outside, a call, an event; or what it asks, as a client. */
  readonly kind: "server" | "internal" | "client" | "consumer";
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** The step that it is a part of: one of this process, or a `traceparent`. */
  readonly parent?: Span | string | undefined;
  /** The parent is someone outside the shop, who does not decide what is worth recording. */
  readonly fromOutside?: boolean;
}

export interface Tracer {
  begin(name: string, options: SpanOptions): Span;
}

let tracer: Tracer | undefined;
const current = new AsyncLocalStorage<Span | undefined>();

/** From now on this process traces; until then it does not, and nothing is done for it. */
export function traceWith(made: Tracer): void {
  tracer = made;
}

/** Ends it, unless another node of this process has begun to trace since. */
export function traceNoMore(made: Tracer): void {
  if (tracer === made) tracer = undefined;
}

export function isTracing(): boolean {
  return tracer !== undefined;
}

/** The step that is under way; undefined where nothing is traced. */
export function currentSpan(): Span | undefined {
  return tracer && current.getStore();
}

/** Runs `work` as a part of a step, or of none. */
export function within<T>(span: Span | undefined, work: () => T): T {
  return tracer ? current.run(span, work) : work();
}

/** Begins a step that someone else ends; undefined where nothing is traced. */
export function beginSpan(name: string, options: SpanOptions): Span | undefined {
  return tracer?.begin(name, options);
}

/**
 * Does `work` as a step of its own.
 *
 * @param codeOf what to say of an error with which it ends
 */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  codeOf: (error: unknown) => string,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  const span = beginSpan(name, options);
  if (!span) return work(undefined);
  try {
    return await current.run(span, () => work(span));
  } catch (error) {
    span.fail(codeOf(error));
    throw error;
  } finally {
    span.end();
  }
}
