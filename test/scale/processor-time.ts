import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { cpuBetween, usageOf } from "../bench/usage.ts";

/** Linux counts in hundredths of a second. */
const ticksPerSecond = 100;

/** Use of CPU time between two readings. */
export interface ProcessorTime {
  /** By process, in seconds; `load` is this program with the clients that it has started. */
  readonly by: Readonly<Record<string, number>>;
  /** Idle share of all CPUs: near 0, the host is the bottleneck of the measurement. */
  readonly idle: number;
}

/**
 * Reads the clocks.
 *
 * @returns a function for the time since then
 */
export function watchProcessors(processes: ReadonlyMap<string, number>): () => ProcessorTime {
  const [before, load, idle, began] = [usageOf(processes), ownSeconds(), idleSeconds(), performance.now()];
  return () => {
    const seconds = (performance.now() - began) / 1000;
    const by = Object.fromEntries(cpuBetween(before, usageOf(processes)));
    return {
      by: { ...by, load: ownSeconds() - load },
      idle: (idleSeconds() - idle) / (seconds * cpus().length),
    };
  };
}

/** Of this process and of those that it has started and that have ended. */
function ownSeconds(): number {
  const stat = readFileSync("/proc/self/stat", "latin1");
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  return fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond;
}

function idleSeconds(): number {
  const [, , , , idle = 0, waiting = 0] = (readFileSync("/proc/stat", "latin1").split("\n")[0] ?? "")
    .split(/ +/)
    .map(Number);
  return (idle + waiting) / ticksPerSecond;
}
