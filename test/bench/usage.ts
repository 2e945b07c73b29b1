import { readFileSync } from "node:fs";

/** Linux counts CPU time in hundredths of a second, and memory in pages of 4 KiB. */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** CPU time of a process tree, and its present memory. */
export interface Usage {
  readonly cpuSeconds: number;
  /** Resident. */
  readonly bytes: number;
}

/** Usage of processes by name, without ended ones. */
export function usageOf(processes: ReadonlyMap<string, number>): Map<string, Usage> {
  return new Map(
    [...processes].flatMap(([name, pid]) => {
      const usage = usageOfTree(pid);
      return usage ? [[name, usage] as const] : [];
    }),
  );
}

/** CPU time between two readings, in seconds. */
export function cpuBetween(
  before: ReadonlyMap<string, Usage>,
  after: ReadonlyMap<string, Usage>,
): Map<string, number> {
  return new Map(
    [...after].map(([name, { cpuSeconds }]) => [name, cpuSeconds - (before.get(name)?.cpuSeconds ?? 0)]),
  );
}

function usageOfTree(pid: number): Usage | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [resident] = readFileSync(`/proc/${pid}/statm`, "latin1").split(" ").slice(1).map(Number);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1")
      .split(" ")
      .filter(Boolean)
      .map(Number);
    const own = {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
      bytes: (resident ?? 0) * pageBytes,
    };
    return children
      .flatMap((child) => usageOfTree(child) ?? [])
      .reduce(
        (sum, child) => ({ cpuSeconds: sum.cpuSeconds + child.cpuSeconds, bytes: sum.bytes + child.bytes }),
        own,
      );
  } catch {
    return undefined;
  }
}
