import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { processesOn, addresses, namespaceOf, setPlugged, type MachineName } from "./network.ts";

/** A machine of the run, as seen from outside. */
export class Machine {
  readonly name: MachineName;
  readonly address: string;
  /** Logs and configuration of its processes. */
  readonly directory: string;
  readonly #run: number;

  constructor(run: number, name: MachineName, directory: string) {
    this.#run = run;
    this.name = name;
    this.address = addresses[name];
    this.directory = join(directory, name);
    mkdirSync(this.directory, { recursive: true });
  }

  /** Starts a program there, its output in `<log>.log`. */
  start(
    log: string,
    command: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
  ): ChildProcess {
    const output = openSync(join(this.directory, `${log}.log`), "a");
    const child = spawn("ip", ["netns", "exec", namespaceOf(this.#run, this.name), ...command], {
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...env },
      detached: true,
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    return child;
  }

  /**
   * Runs a program there.
   *
   * @returns its output
   */
  run(...command: string[]): string {
    return execFileSync("ip", ["netns", "exec", namespaceOf(this.#run, this.name), ...command], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  /** Connects or disconnects its network cable. */
  setPlugged(plugged: boolean): void {
    setPlugged(this.#run, this.name, plugged);
  }

  /** Power failure: it vanishes from the network silently, and its processes are killed. */
  cutPower(): void {
    this.setPlugged(false);
    kill(processesOn(this.#run, this.name));
  }
}

/** Crashes a process of the run with its children, and resolves after their exit. */
export async function killTree(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  // Each has its own process group.
  process.kill(-child.pid, "SIGKILL");
  await gone;
}

function kill(pids: readonly number[]): void {
  for (const pid of pids)
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has exited already.
    }
}
