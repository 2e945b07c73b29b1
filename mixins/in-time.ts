/**
 * What the work comes to, unless that takes too long; it goes on then, and whatever becomes of it is nobody's concern.
 *
 * @throws Error when there is no answer in time; and what the work throws
 */
export async function inTime<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  // Not an AbortController: it makes an error with a stack trace each time, also where all went well.
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms} ms`)), ms).unref();
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
