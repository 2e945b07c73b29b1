import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { EnvSource } from "../../../config/env.ts";
import { nodeArguments } from "../../../services/node/node-flags.ts";
import { rotateLog, tailOf } from "../processes.ts";
import type { NodePlan } from "./plan.ts";

/** `waiting`: crashed, restart pending. */
export type NodeState = "starting" | "up" | "waiting" | "stopped";

export interface Supervision {
  readonly environment: EnvSource;
  readonly logFile: string;
  readonly log: (line: string) => void;
}

const minRestartDelayMs = 250;
const maxRestartDelayMs = 10_000;
/** Uptime after which a crash does not count as a failed start. */
const stableAfterMs = 2000;
/** Above the node's own shutdown limit. */
const graceMs = 20_000;

/** @param upForMs uptime before the crash; 0 when the start failed */
export function consecutiveCrashes(before: number, upForMs: number): number {
  return upForMs > stableAfterMs ? 1 : before + 1;
}

/**
 * Supervises one node: restarts it after each crash until it is stopped, with backoff after failed starts.
 */
export class NodeProcess {
  readonly plan: NodePlan;
  readonly #supervision: Supervision;
  #child: ChildProcess | undefined;
  #state: NodeState = "stopped";
  #consecutiveCrashes = 0;
  #restarts = 0;
  #upAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(plan: NodePlan, supervision: Supervision) {
    this.plan = plan;
    this.#supervision = supervision;
  }

  get state(): NodeState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Number of restarts. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The end of its log. */
  get logTail(): string {
    return tailOf(this.#supervision.logFile);
  }

  start(): void {
    this.#upAt = undefined;
    let child: ChildProcess;
    try {
      child = this.#spawn();
    } catch (error) {
      // Out of file descriptors, processes or memory.
      this.#onExit(error instanceof Error ? error.message : String(error));
      return;
    }
    this.#child = child;
    this.#state = "starting";
    child.on("message", () => {
      this.#state = "up";
      this.#upAt = Date.now();
      this.#supervision.log(`${this.plan.name} (pid ${child.pid}) is up`);
    });
    child.on("error", (error) => {
      // Without a pid the process did not start and emits no exit.
      if (child.pid === undefined) this.#onExit(error.message);
      else this.#supervision.log(`${this.plan.name}: ${error.message}`);
    });
    child.on("exit", (code, signal) => this.#onExit(signal ?? `exit code ${code}`));
  }

  #spawn(): ChildProcess {
    const { environment, logFile } = this.#supervision;
    mkdirSync(dirname(logFile), { recursive: true });
    rotateLog(logFile);
    const output = openSync(logFile, "a", 0o600);
    try {
      // Own process group: Ctrl-C reaches the supervisor only, which stops nodes in order. The IPC channel
      // tells the node when the supervisor is gone.
      return spawn(process.execPath, nodeArguments, {
        env: { ...environment },
        detached: true,
        stdio: ["ignore", output, output, "ipc"],
      });
    } finally {
      closeSync(output);
    }
  }

  /** Crashes it (SIGKILL); resolves after its exit. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  /** Stops it gracefully without a restart; resolves after its exit. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child) {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      // A process stopped by SIGSTOP cannot handle signals.
      child.kill("SIGCONT");
      const force = setTimeout(() => {
        this.#supervision.log(`${this.plan.name} did not stop within ${graceMs / 1000} s and is killed`);
        child.kill("SIGKILL");
      }, graceMs);
      await gone;
      clearTimeout(force);
    }
    this.#state = "stopped";
  }

  #onExit(how: string): void {
    this.#child = undefined;
    if (this.#stopping) return;
    this.#consecutiveCrashes = consecutiveCrashes(
      this.#consecutiveCrashes,
      this.#upAt === undefined ? 0 : Date.now() - this.#upAt,
    );
    const pause = Math.min(maxRestartDelayMs, minRestartDelayMs * 2 ** (this.#consecutiveCrashes - 1));
    this.#state = "waiting";
    this.#supervision.log(
      `${this.plan.name} died (${how}): restart in ${pause / 1000} s (${this.#supervision.logFile})`,
    );
    this.#timer = setTimeout(() => {
      this.#restarts += 1;
      this.start();
    }, pause);
  }
}
