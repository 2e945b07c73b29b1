import { execFileSync, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { callerEnvironment } from "./caller-environment.ts";
import { StackError } from "./stack-error.ts";

/** A process as its pid file keeps it. A pid alone may be somebody else's by now; pid and birth together are not. */
export interface ServerProcess {
  pid: number;
  birth: string;
  /** ISO 8601, UTC. */
  startedAt: string;
}

export interface Launch {
  command: string;
  args: string[];
  cwd: string;
  env?: Record<string, string>;
}

/** Set in the environment of everything that a stack starts, so that what a killed command left behind can be found. */
const markVariable = "SHOPSERVER_STACK";

const hasProc = existsSync("/proc/self/stat");

/** What is known of a living process: when it was born (opaque, unique across reboots), its parent, and whether SIGSTOP holds it. */
export function observe(pid: number): { birth: string; parent: number; paused: boolean } | undefined {
  try {
    if (hasProc) {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const state = fields[0] ?? "";
      if (state === "Z" || state === "X") return undefined;
      return { birth: `${fields[19]}-${bootId()}`, parent: Number(fields[1]), paused: state === "T" || state === "t" };
    }
    const line = execFileSync("ps", ["-o", "stat=,ppid=,lstart=", "-p", String(pid)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const [state = "", parent, ...born] = line.trim().split(/\s+/);
    if (state === "" || state.startsWith("Z")) return undefined;
    return { birth: born.join("-").replaceAll(":", "-"), parent: Number(parent), paused: state.startsWith("T") };
  } catch {
    return undefined;
  }
}

const bootId = () => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").slice(0, 8);

/** The birth of this very process. */
export function ownBirth(): string {
  const self = observe(process.pid);
  if (self === undefined) throw new StackError("This system tells nothing about its processes (neither /proc nor ps works)");
  return self.birth;
}

/** True while this very process lives, not another one that was given its pid. */
export function isAlive(server: ServerProcess | undefined): server is ServerProcess {
  return server !== undefined && observe(server.pid)?.birth === server.birth;
}

/** The process that a pid file names, dead or alive; undefined when there is no readable pid file. */
export function readPidFile(pidFile: string): ServerProcess | undefined {
  try {
    const { pid, birth, startedAt } = JSON.parse(readFileSync(pidFile, "utf8")) as Partial<ServerProcess>;
    if (typeof pid === "number" && typeof birth === "string" && typeof startedAt === "string") return { pid, birth, startedAt };
  } catch {
    // Missing, or cut short by a crash: the process, if there is one, is found by its mark.
  }
  return undefined;
}

/** Starts a server in a session of its own, so that it outlives the caller, with its output appended to the log file. */
export function launch(what: Launch, stack: { directory: string; pidFile: string; logFile: string }): ServerProcess {
  mkdirSync(dirname(stack.pidFile), { recursive: true });
  mkdirSync(dirname(stack.logFile), { recursive: true });
  setLongLogAside(stack.logFile);
  const log = openSync(stack.logFile, "a", 0o600);
  const child = spawn(what.command, what.args, { cwd: what.cwd, env: environment(stack.directory, what.env), detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  child.on("error", () => undefined); // told below, by the missing pid
  child.unref();
  if (child.pid === undefined) throw new StackError(`Cannot run ${what.command}`);
  const server = { pid: child.pid, birth: observe(child.pid)?.birth ?? "died at once", startedAt: new Date().toISOString() };
  writeFileSync(stack.pidFile, JSON.stringify(server));
  return server;
}

/** Logs are only appended to; a long one becomes `….log.1` at the next start. */
export function setLongLogAside(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 20_000_000) renameSync(logFile, `${logFile}.1`);
}

/** A small environment of its own: the caller's RABBITMQ_* and MYSQL_* settings must not reach these servers. */
export function environment(directory: string, extra: Record<string, string> = {}): Record<string, string> {
  const path = `${callerEnvironment().PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin`;
  return { PATH: path, HOME: directory, LANG: "C.UTF-8", TMPDIR: directory, [markVariable]: directory, ...extra };
}

/** Sends a signal, but only to this very process. Returns whether it was there. */
export function signal(server: ServerProcess | undefined, name: NodeJS.Signals): boolean {
  return isAlive(server) && send(server.pid, name);
}

function send(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/** Asks it to end (even when SIGSTOP holds it), kills it when it has not after `graceMs`, and returns when it is gone. */
export async function terminate(server: ServerProcess | undefined, graceMs: number): Promise<"gone" | "ended" | "killed"> {
  if (!isAlive(server)) return "gone";
  signal(server, "SIGTERM");
  signal(server, "SIGCONT");
  if (await goneWithin(server, graceMs)) return "ended";
  signal(server, "SIGKILL");
  await goneWithin(server, 10_000);
  return "killed";
}

/** Waits until the process is gone; false when it is still there after `ms`. */
export async function goneWithin(server: ServerProcess, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (isAlive(server)) {
    if (Date.now() > deadline) return false;
    await sleep(25);
  }
  return true;
}

/**
 * Ends what was started for this directory but is in no pid file: what a killed command was just starting.
 * Helpers of a server that is `kept` stay. Does nothing where there is no /proc to find them by.
 */
export async function endStrays(directory: string, kept: ServerProcess[]): Promise<number> {
  const keptPids = new Set(kept.filter(isAlive).map((server) => server.pid));
  const strays = markedProcesses(directory).filter((server) => !descendsFrom(server.pid, keptPids));
  await Promise.all(strays.map((server) => terminate(server, 15_000)));
  return strays.length;
}

function markedProcesses(directory: string): ServerProcess[] {
  if (!hasProc) return [];
  const mark = `${markVariable}=${directory}`;
  return readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    try {
      if (!readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(mark)) return [];
    } catch {
      return []; // gone, or not ours to read
    }
    const seen = observe(pid);
    return seen === undefined ? [] : [{ pid, birth: seen.birth, startedAt: "" }];
  });
}

function descendsFrom(pid: number, ancestors: Set<number>): boolean {
  for (let current = pid; current > 1; current = observe(current)?.parent ?? 0) {
    if (ancestors.has(current)) return true;
  }
  return false;
}

/** Forgets a process that is gone. */
export function removePidFile(pidFile: string): void {
  rmSync(pidFile, { force: true });
}

/** The last lines of a log file, indented, for an error message. */
export function tailOf(logFile: string, lines = 15): string {
  try {
    const text = readFileSync(logFile, "utf8").trimEnd();
    return text.split("\n").slice(-lines).map((line) => `    ${line}`).join("\n");
  } catch {
    return "    (no log)";
  }
}
