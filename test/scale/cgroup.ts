import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Processors' time as Linux shares it out: groups of processes that get no more of it than their quota. */

/**
 * How long a share is reckoned over: as Linux does it unless told otherwise, and so as containers have it. In a shorter
 * one a process with a small share runs for so short a time that most of it goes into coming back.
 */
const periodUs = 100_000;

/** Where groups are made, and by which version of the interface. */
interface Hierarchy {
  readonly root: string;
  readonly version: 1 | 2;
}

/** Why shares of a processor cannot be given here, or undefined when they can. */
export function whyNoShares(): string | undefined {
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

/** A group of processes that together may get no more than a share of one processor. */
export class CpuGroup {
  readonly #directory: string;
  readonly #version: 1 | 2;

  /** @throws Error where that cannot be had */
  constructor(name: string) {
    const { root, version } = hierarchy();
    this.#directory = join(root, `shop-scale-${name}`);
    this.#version = version;
    mkdirSync(this.#directory, { recursive: true });
  }

  /** Takes in a process with all its threads, and what it will start. */
  take(pid: number): void {
    this.#write("cgroup.procs", `${pid}`);
  }

  /** @param share of one processor: 0.1 is a tenth; undefined: as much as there is */
  limit(share: number | undefined): void {
    const quotaUs = share === undefined ? undefined : Math.round(periodUs * share);
    if (this.#version === 2) this.#write("cpu.max", `${quotaUs ?? "max"} ${periodUs}`);
    else {
      this.#write("cpu.cfs_period_us", `${periodUs}`);
      this.#write("cpu.cfs_quota_us", `${quotaUs ?? -1}`);
    }
  }

  /** To be called when its processes have ended. */
  remove(): void {
    rmdirSync(this.#directory);
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.#directory, file), text);
  }
}

/** @throws Error where no hierarchy shares out processors */
function hierarchy(): Hierarchy {
  const mounts = readFileSync("/proc/mounts", "utf8").split("\n").map((line) => line.split(" "));
  const [, ofVersion1] = mounts.find(([, , type, options = ""]) => type === "cgroup" && options.split(",").includes("cpu")) ?? [];
  if (ofVersion1 !== undefined) return { root: ofVersion1, version: 1 };
  const [, ofVersion2] = mounts.find(([, , type]) => type === "cgroup2") ?? [];
  if (ofVersion2 === undefined) throw new Error("no control groups are mounted");
  // Groups have what the one above hands down.
  const controllers = readFileSync(join(ofVersion2, "cgroup.controllers"), "utf8").trim().split(" ");
  if (!controllers.includes("cpu")) throw new Error("control groups do not share out processors");
  writeFileSync(join(ofVersion2, "cgroup.subtree_control"), "+cpu");
  return { root: ofVersion2, version: 2 };
}
