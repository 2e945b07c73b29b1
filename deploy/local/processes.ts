import { execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { callerEnvironment } from "./caller-environment.ts";
import { StackError } from "./stack-error.ts";

/** Contents of a pid file. The operating system reuses pids; pid and birth together are unique. */
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

/** Set in the environment of all processes of a stack, to find strays of a killed command. */
const markVariable = "SHOPSERVER_STACK";

const hasProc = existsSync("/proc/self/stat");

/**
 * Attributes of a living process: birth (opaque, unique across reboots), parent, and whether SIGSTOP holds
 * it.
 */
export function observe(pid: number): { birth: string; parent: number; paused: boolean } | undefined {
  try {
    if (hasProc) {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const state = fields[0] ?? "";
      if (state === "Z" || state === "X") return undefined;
      return {
        birth: `${fields[19]}-${bootId()}`,
        parent: Number(fields[1]),
        paused: state === "T" || state === "t",
      };
    }
    const line = execFileSync("ps", ["-o", "stat=,ppid=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [state = "", parent, ...born] = line.trim().split(/\s+/);
    if (state === "" || state.startsWith("Z")) return undefined;
    return {
      birth: born.join("-").replaceAll(":", "-"),
      parent: Number(parent),
      paused: state.startsWith("T"),
    };
  } catch {
    return undefined;
  }
}

const bootId = () => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").slice(0, 8);

/** Birth of this process. */
export function ownBirth(): string {
  const self = observe(process.pid);
  if (self === undefined)
    throw new StackError("This system tells nothing about its processes (neither /proc nor ps works)");
  return self.birth;
}

/** True while this very process lives; false for another one with its pid. */
export function isAlive(server: ServerProcess | undefined): server is ServerProcess {
  return server !== undefined && observe(server.pid)?.birth === server.birth;
}

/** The process in a pid file, dead or alive; undefined without a readable pid file. */
export function readPidFile(pidFile: string): ServerProcess | undefined {
  try {
    const { pid, birth, startedAt } = JSON.parse(readFileSync(pidFile, "utf8")) as Partial<ServerProcess>;
    if (typeof pid === "number" && typeof birth === "string" && typeof startedAt === "string")
      return { pid, birth, startedAt };
  } catch {
    // Missing, or truncated by a crash: strays are found by their mark.
  }
  return undefined;
}

/** Starts a server in its own session, so that it outlives the caller; appends its output to the log file. */
export function launch(
  what: Launch,
  stack: { directory: string; pidFile: string; logFile: string },
): ServerProcess {
  mkdirSync(dirname(stack.pidFile), { recursive: true });
  mkdirSync(dirname(stack.logFile), { recursive: true });
  rotateLog(stack.logFile);
  const log = openSync(stack.logFile, "a", 0o600);
  const child = spawn(what.command, what.args, {
    cwd: what.cwd,
    env: environment(stack.directory, what.env),
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.on("error", () => undefined); // reported below, by the missing pid
  child.unref();
  if (child.pid === undefined) throw new StackError(`Cannot run ${what.command}`);
  const server = {
    pid: child.pid,
    birth: observe(child.pid)?.birth ?? "died at once",
    startedAt: new Date().toISOString(),
  };
  writeFileSync(stack.pidFile, JSON.stringify(server));
  return server;
}

/** Rotates a long log to `….log.1` at the next start. */
export function rotateLog(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 20_000_000) renameSync(logFile, `${logFile}.1`);
}

/** A minimal environment: the caller's RABBITMQ_* and MYSQL_* variables must not reach these servers. */
export function environment(directory: string, extra: Record<string, string> = {}): Record<string, string> {
  const path = `${callerEnvironment().PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin`;
  return {
    PATH: path,
    HOME: directory,
    LANG: "C.UTF-8",
    TMPDIR: directory,
    [markVariable]: directory,
    ...extra,
  };
}

/** Sends a signal to this very process. Returns whether it was alive. */
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

/** SIGTERM (with SIGCONT), then SIGKILL after `graceMs`; resolves after its exit. */
export async function terminate(
  server: ServerProcess | undefined,
  graceMs: number,
): Promise<"gone" | "ended" | "killed"> {
  if (!isAlive(server)) return "gone";
  signal(server, "SIGTERM");
  signal(server, "SIGCONT");
  if (await exitsWithin(server, graceMs)) return "ended";
  signal(server, "SIGKILL");
  await exitsWithin(server, 10_000);
  return "killed";
}

/** Waits for the exit; false if it is still alive after `ms`. */
export async function exitsWithin(server: ServerProcess, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (isAlive(server)) {
    if (Date.now() > deadline) return false;
    await sleep(25);
  }
  return true;
}

/**
 * Ends processes of this directory without a pid file, i.e. strays of a killed command. Helpers of servers in
 * `kept` stay. A no-op without /proc.
 */
export async function endStrayProcesses(directory: string, kept: ServerProcess[]): Promise<number> {
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

/** Removes a dead process' pid file. */
export function removePidFile(pidFile: string): void {
  rmSync(pidFile, { force: true });
}

/** The last lines of a log file, indented, for an error message. */
export function tailOf(logFile: string, lines = 15): string {
  try {
    const text = readFileSync(logFile, "utf8").trimEnd();
    return text
      .split("\n")
      .slice(-lines)
      .map((line) => `    ${line}`)
      .join("\n");
  } catch {
    return "    (no log)";
  }
}
