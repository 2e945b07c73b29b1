import { performance } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";

const lookEveryMs = 2000;
/** A node rests when it has been busy for no more than this share of the time. */
const restsBelow = 0.05;
/** Less is not worth the tens of milliseconds that it takes. */
const worthwhileBytes = 16 * 1024 * 1024;

/** What the node looks at; tests look at something else. */
interface Sight {
  /** The share of the time since it was last asked that the node was busy. */
  utilization(): number;
  heapBytes(): number;
}

/**
 * From now on, a node that rests after work collects its garbage, so that what the work took up goes back to the machine: V8
 * by itself collects when something new is wanted, and a node that rests wants nothing.
 *
 * @param collect absent where Node was started without `--expose-gc`; then nothing is done
 */
export function giveBackAtRest(collect: (() => void) | undefined = globalThis.gc, sight: Sight = thisProcess()): void {
  if (!collect) return;
  let settled = 0;
  setInterval(() => {
    if (sight.utilization() > restsBelow) return;
    settled = Math.min(settled, sight.heapBytes());
    if (sight.heapBytes() < settled + worthwhileBytes) return;
    collect();
    settled = sight.heapBytes();
  }, lookEveryMs).unref();
}

function thisProcess(): Sight {
  let before = performance.eventLoopUtilization();
  return {
    utilization() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    heapBytes: () => getHeapStatistics().total_heap_size,
  };
}
