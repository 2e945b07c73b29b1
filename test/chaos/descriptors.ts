import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A process' limit of open descriptors. */
export async function descriptorLimit(pid: number): Promise<string> {
  const { stdout } = await run("prlimit", [
    "--pid",
    String(pid),
    "--nofile",
    "--output=SOFT",
    "--noheadings",
  ]);
  return stdout.trim();
}

/** Sets the soft limit, up to the hard limit. */
export async function limitDescriptors(pid: number, limit: string): Promise<void> {
  await run("prlimit", ["--pid", String(pid), `--nofile=${limit}:`]);
}

/** True when this machine can do so: Linux, with util-linux. */
export async function canLimitDescriptors(): Promise<boolean> {
  return descriptorLimit(process.pid).then(
    () => true,
    () => false,
  );
}
