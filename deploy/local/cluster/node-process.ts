import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { EnvSource } from "../../../config/env.ts";
import { startCommand } from "../../../services/node/start-command.ts";
import { setLongLogAside, tailOf } from "../processes.ts";
import type { NodePlan } from "./plan.ts";

/** `waiting`: it died and will be started again. */
export type NodeState = "starting" | "up" | "waiting" | "stopped";

export interface Supervision {
  readonly environment: EnvSource;
  readonly logFile: string;
  readonly log: (line: string) => void;
}

const firstPauseMs = 250;
const longestPauseMs = 10_000;
/** After so long its death is a new misfortune, not the next one of a row. */
const settledMs = 30_000;
/** A node finishes what it has begun within its own limit, which is shorter. */
const graceMs = 20_000;

/** One node of the cluster, started again whenever it dies, with growing pauses, until it is stopped. */
export class NodeProcess {
  readonly plan: NodePlan;
  readonly #supervision: Supervision;
  #child: ChildProcess | undefined;
  #state: NodeState = "stopped";
  #deathsInARow = 0;
  #restarts = 0;
  #startedAt = 0;
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

  /** How often it was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The last lines that it wrote. */
  get lastWords(): string {
    return tailOf(this.#supervision.logFile);
  }

  start(): void {
    const { environment, logFile, log } = this.#supervision;
    mkdirSync(dirname(logFile), { recursive: true });
    setLongLogAside(logFile);
    const output = openSync(logFile, "a", 0o600);
    // In a group of its own: Ctrl-C is for the supervisor, which stops nodes in order. The channel tells the node when
    // the supervisor is gone.
    const child = spawn(process.execPath, startCommand, {
      env: { ...environment },
      detached: true,
      stdio: ["ignore", output, output, "ipc"],
    });
    closeSync(output);
    this.#child = child;
    this.#state = "starting";
    this.#startedAt = Date.now();
    child.on("message", () => {
      this.#state = "up";
      log(`${this.plan.name} (pid ${child.pid}) is up`);
    });
    child.on("error", (error) => log(`${this.plan.name}: ${error.message}`));
    child.on("exit", (code, signal) => this.#died(signal ?? `exit code ${code}`));
  }

  /** Kills it (SIGKILL) as a crash would, and resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  /** Lets it finish what it has begun, and resolves when it is gone. It is not started again. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child) {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      // One that was frozen could not hear it.
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

  #died(how: string): void {
    this.#child = undefined;
    if (this.#stopping) return;
    this.#deathsInARow = Date.now() - this.#startedAt > settledMs ? 1 : this.#deathsInARow + 1;
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#deathsInARow - 1));
    this.#state = "waiting";
    this.#supervision.log(`${this.plan.name} died (${how}): starting it again in ${pause / 1000} s (${this.#supervision.logFile})`);
    this.#timer = setTimeout(() => {
      this.#restarts += 1;
      this.start();
    }, pause);
  }
}
