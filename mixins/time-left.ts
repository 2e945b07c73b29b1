import type { Context } from "moleculer";

/** For how long the caller will still wait, in milliseconds; what was spent in a queue on this node is gone. */
export function timeLeft(ctx: Context<unknown, object>): number {
  const { timeout } = ctx.options;
  // 0 is no limit.
  if (!timeout) return Infinity;
  const { startHrTime } = ctx as { startHrTime?: [number, number] | null };
  if (!startHrTime) return timeout;
  const [seconds, nanoseconds] = process.hrtime(startHrTime);
  return timeout - (seconds * 1000 + nanoseconds / 1e6);
}
