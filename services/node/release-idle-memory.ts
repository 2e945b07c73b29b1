import { performance } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";

const pollIntervalMs = 5000;
/** Event-loop utilization below which a node is idle. */
const idleBelow = 0.05;
/** Minimum garbage worth a collection of up to 100 ms. */
const minReclaimBytes = 8 * 1024 * 1024;
/** Minimum number of checks between collections, so a lightly loaded node does not repeat them. */
const minPolls = 6;
/** Collections slower than this make the node miss heartbeats, so they become rarer. */
const slowCollectionMs = 400;
const minPollsWhenSlow = 360;

/** Inputs, replaced in tests. */
interface ProcessProbe {
  /** Event-loop utilization since the last call. */
  utilization(): number;
  heapBytes(): number;
  /** In milliseconds. */
  now(): number;
}

/**
 * Returns memory to the system when the node becomes idle after work. V8 collects on allocation, so an idle
 * node keeps its garbage, and V8 keeps freed pages.
 *
 * @param collect null without `--expose-gc`; then it does nothing
 */
export function releaseIdleMemory(
  collect: (() => void) | null = lastResortCollection(),
  probe: ProcessProbe = thisProcess(),
): void {
  if (!collect) return;
  let baseline = 0;
  let pollsSince = minPolls;
  let pause = minPolls;
  setInterval(() => {
    pollsSince += 1;
    if (probe.utilization() > idleBelow) return;
    baseline = Math.min(baseline, probe.heapBytes());
    if (pollsSince < pause || probe.heapBytes() < baseline + minReclaimBytes) return;
    const began = probe.now();
    collect();
    pause = probe.now() - began > slowCollectionMs ? minPollsWhenSlow : minPolls;
    pollsSince = 0;
    baseline = probe.heapBytes();
  }, pollIntervalMs).unref();
}

/** This flavour of collection releases memory; the others keep it for new objects. */
function lastResortCollection(): (() => void) | null {
  const { gc } = globalThis;
  return gc ? () => gc({ type: "major", execution: "sync", flavor: "last-resort" }) : null;
}

function thisProcess(): ProcessProbe {
  let before = performance.eventLoopUtilization();
  return {
    utilization() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    heapBytes: () => getHeapStatistics().total_heap_size,
    now: () => performance.now(),
  };
}
