/**
 * Awaits work with a timeout; late results and errors are ignored.
 *
 * @throws Error after the timeout; otherwise what the work throws
 */
export async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  // AbortController would create an error with a stack trace each time.
  const timer = setTimeout(() => timeout.reject(new Error(`timed out after ${ms} ms`)), ms).unref();
  work.catch(() => undefined);
  try {
    return await Promise.race([work, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
