import type { Context } from "moleculer";

/**
 * Remaining time until the caller's deadline, in milliseconds; accounts for time spent in queues on this
 * node.
 */
export function remainingTime(ctx: Context<unknown, object>): number {
  const { timeout } = ctx.options;
  // 0 means no limit.
  if (!timeout) return Infinity;
  const { startHrTime } = ctx as { startHrTime?: [number, number] | null };
  if (!startHrTime) return timeout;
  const [seconds, nanoseconds] = process.hrtime(startHrTime);
  return timeout - (seconds * 1000 + nanoseconds / 1e6);
}
