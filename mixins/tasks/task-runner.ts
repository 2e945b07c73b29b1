import type { Logger } from "moleculer";
import type { TypedCall } from "../../services/contract/calls.ts";
import { isShopError } from "../../services/contract/errors.ts";
import type { Database } from "../database/database.ts";
import { apart } from "../logging/current-request.ts";
import { ClaimedTask, Interruption } from "./claimed-task.ts";
import type { Task } from "./task.ts";
import { TaskFailure } from "./task.ts";
import type { Ending } from "./task-repository.ts";
import { TaskRepository } from "./task-repository.ts";
import type { TaskStore } from "./task-store.ts";
import { noTaskStore } from "./task-store.ts";

/** Attempts in a row that get nowhere, before a task has failed; that takes about five minutes. */
export const maxAttempts = 6;
const firstBackoffMs = 1000;
const longestBackoffMs = 5 * 60_000;
const candidates = 10;

/** How long to wait after so many attempts in a row that got nowhere. */
export function backoffMs(attempt: number): number {
  return Math.min(longestBackoffMs, firstBackoffMs * 4 ** (attempt - 1));
}

export interface TaskRunnerOptions<D> {
  readonly database: Database;
  readonly tasks: readonly Task<D>[];
  readonly dependencies: D;
  readonly call: TypedCall;
  readonly log: Logger;
  readonly store?: TaskStore;
  /** Tasks at once on this node; the others wait, or run on another one. */
  readonly concurrency?: number;
  /** How often to look for what nobody has told of. */
  readonly sweepMs: number;
  readonly leaseMs?: number;
}

/**
 * Does a service's background tasks on this node. It is woken by the event that a task was queued, and looks by itself
 * now and then for tasks whose time has come, whose node has died, or whose event it has missed.
 */
export class TaskRunner<D> {
  readonly #options: TaskRunnerOptions<D>;
  readonly #repository: TaskRepository;
  readonly #concurrency: number;
  readonly #leaseMs: number;
  readonly #running = new Map<ClaimedTask, Promise<void>>();
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #again = false;
  #stopped = true;

  constructor(options: TaskRunnerOptions<D>) {
    this.#options = options;
    this.#repository = new TaskRepository(options.database);
    this.#concurrency = options.concurrency ?? 2;
    this.#leaseMs = options.leaseMs ?? 10_000;
  }

  start(): void {
    this.#stopped = false;
    this.wake();
  }

  /** Begins nothing more, lets each task finish its batch, and hands the tasks back for others to go on with. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    for (const task of this.#running.keys()) task.stop();
    await Promise.all(this.#running.values());
  }

  /** Looks for something to do, now or right after the look that is under way. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    apart(() => this.#begin());
  }

  #begin(): void {
    this.#looking = this.#look()
      .catch((error: unknown) => this.#options.log.error("tasks could not be looked for, trying again", error))
      .finally(() => {
        this.#looking = undefined;
        if (this.#stopped) return;
        if (this.#again) this.wake();
        else this.#timer = setTimeout(() => this.wake(), this.#options.sweepMs).unref();
      });
  }

  async #look(): Promise<void> {
    this.#again = false;
    while (!this.#stopped && this.#running.size < this.#concurrency) {
      const claimed = await this.#claimNext();
      if (!claimed) return;
      const work = this.#run(claimed)
        .catch((error: unknown) => this.#options.log.error(`task ${claimed.row.id} could not be ended, its lease will`, error))
        .finally(() => {
          this.#running.delete(claimed);
          this.wake();
        });
      this.#running.set(claimed, work);
    }
  }

  async #claimNext(): Promise<ClaimedTask | undefined> {
    const { database, tasks, store = noTaskStore } = this.#options;
    // A node of an older version leaves alone what it does not know.
    const kinds = tasks.map((task) => task.kind);
    for (const id of await this.#repository.due(kinds, Date.now(), candidates)) {
      const options = { database, repository: this.#repository, store, leaseMs: this.#leaseMs };
      const claimed = await ClaimedTask.claim(id, options);
      if (claimed) return claimed;
    }
    return undefined;
  }

  async #run(claimed: ClaimedTask): Promise<void> {
    const { log } = this.#options;
    const { id, kind } = claimed.row;
    // When it fails, the next one may succeed; when all fail, the lease runs out, which is right.
    const heartbeat = setInterval(() => void claimed.renew().catch(() => undefined), this.#leaseMs / 3).unref();
    try {
      const ending = await this.#work(claimed);
      if (!ending || !(await claimed.end(ending))) log.warn(`task ${kind} ${id} was taken over by another node`);
      else if (ending.waitMs !== undefined) setTimeout(() => this.wake(), ending.waitMs).unref();
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** @returns undefined when the task is no longer this node's */
  async #work(claimed: ClaimedTask): Promise<Ending | undefined> {
    const { row } = claimed;
    if (row.cancelRequestedAt !== null) return { state: "cancelled" };
    // Its node has died that often while it ran; it may be the reason.
    if (row.attempt > maxAttempts) return failed("worker-lost", "Each node that ran it has stopped unexpectedly");
    const { tasks, dependencies, call, log } = this.#options;
    const task = tasks.find(({ kind }) => kind === row.kind);
    if (!task) throw new Error(`there is no task ${row.kind}`);
    try {
      const context = {
        taskId: row.id,
        params: task.params.parse(row.params),
        checkpoint: task.checkpoint.parse(row.checkpoint ?? {}),
        actor: row.origin.actor,
        total: row.total,
        call,
        log,
        commit: claimed.commit.bind(claimed),
      };
      return { state: "succeeded", result: await task.run(context, dependencies) };
    } catch (error) {
      return this.#endingAfter(error, claimed);
    }
  }

  async #endingAfter(error: unknown, { row }: ClaimedTask): Promise<Ending | undefined> {
    if (error instanceof Interruption) {
      if (error.reason === "lease-lost") return undefined;
      return error.reason === "cancelled" ? { state: "cancelled" } : { state: "queued", uncounted: true };
    }
    if (error instanceof TaskFailure)
      return { state: "failed", error: { code: error.code, message: error.message }, result: error.result };

    // Progress made in this attempt has begun the count anew.
    const attempt = (await this.#repository.byId(row.id))?.attempt ?? row.attempt;
    const last = attempt >= maxAttempts;
    const outcome = last ? "it has failed" : `next attempt in ${backoffMs(attempt)} ms`;
    this.#options.log.error(`task ${row.kind} ${row.id} got nowhere ${attempt} times: ${outcome}`, error);
    if (!last) return { state: "queued", waitMs: backoffMs(attempt) };
    return isShopError(error) ? failed(error.type, error.message) : failed("internal-error", "The failure is in the shop's logs");
  }
}

function failed(code: string, message: string): Ending {
  return { state: "failed", error: { code, message } };
}
