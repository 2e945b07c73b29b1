import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** CPU quotas of process groups under Linux. */

/**
 * Period of a CPU quota: the default of Linux and containers. A shorter one would spend a small share mostly
 * on context switches.
 */
const periodUs = 100_000;

/** Location and version of the cgroup interface. */
interface Hierarchy {
  readonly root: string;
  readonly version: 1 | 2;
}

/** Reason why CPU quotas are unavailable; undefined when they work. */
export function missingCgroupSupport(): string | undefined {
  if (process.platform !== "linux") return "shares of a processor are given by Linux's control groups";
  if (process.getuid?.() !== 0) return "giving processes a share of a processor takes root";
  try {
    const probe = new CpuGroup(`probe-${process.pid}`);
    try {
      probe.limit(0.1);
    } finally {
      probe.remove();
    }
    return undefined;
  } catch (error) {
    return `this machine does not let root make control groups with a share of a processor (${(error as Error).message})`;
  }
}

/** A process group with a joint quota of one CPU. */
export class CpuGroup {
  readonly #directory: string;
  readonly #version: 1 | 2;

  /** @throws Error when quotas are unavailable */
  constructor(name: string) {
    const { root, version } = hierarchy();
    this.#directory = join(root, `shop-scale-${name}`);
    this.#version = version;
    mkdirSync(this.#directory, { recursive: true });
  }

  /** Adds a process with its threads and future children. */
  add(pid: number): void {
    this.#write("cgroup.procs", `${pid}`);
  }

  /** @param share of one CPU: 0.1 is a tenth; undefined: unlimited */
  limit(share: number | undefined): void {
    const quotaUs = share === undefined ? undefined : Math.round(periodUs * share);
    if (this.#version === 2) this.#write("cpu.max", `${quotaUs ?? "max"} ${periodUs}`);
    else {
      this.#write("cpu.cfs_period_us", `${periodUs}`);
      this.#write("cpu.cfs_quota_us", `${quotaUs ?? -1}`);
    }
  }

  /** Call it after its processes have ended. */
  remove(): void {
    rmdirSync(this.#directory);
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.#directory, file), text);
  }
}

/** @throws Error without a CPU controller */
function hierarchy(): Hierarchy {
  const mounts = readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "));
  const [, ofVersion1] =
    mounts.find(([, , type, options = ""]) => type === "cgroup" && options.split(",").includes("cpu")) ?? [];
  if (ofVersion1 !== undefined) return { root: ofVersion1, version: 1 };
  const [, ofVersion2] = mounts.find(([, , type]) => type === "cgroup2") ?? [];
  if (ofVersion2 === undefined) throw new Error("no control groups are mounted");
  // Groups have the controllers that the parent delegates.
  const controllers = readFileSync(join(ofVersion2, "cgroup.controllers"), "utf8").trim().split(" ");
  if (!controllers.includes("cpu")) throw new Error("control groups do not share out processors");
  writeFileSync(join(ofVersion2, "cgroup.subtree_control"), "+cpu");
  return { root: ofVersion2, version: 2 };
}
