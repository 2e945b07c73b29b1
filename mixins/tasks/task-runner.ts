import type { Logger } from "moleculer";
import { z } from "zod";
import type { TypedCall } from "../contract/calls.ts";
import { isShopError } from "../contract/errors.ts";
import type { Database } from "../database/database.ts";
import { detached } from "../observability/logging/current-request.ts";
import { ClaimedTask, TaskInterruption } from "./claimed-task.ts";
import type { Task } from "./task.ts";
import { TaskFailure } from "./task.ts";
import type { AttemptOutcome } from "./task-repository.ts";
import { TaskRepository } from "./task-repository.ts";
import type { TaskStore } from "./task-store.ts";
import { noTaskStore } from "./task-store.ts";

/** Consecutive attempts without progress before a task fails: about five minutes. */
export const maxAttempts = 6;
const firstBackoffMs = 1000;
const maxBackoffMs = 5 * 60_000;
const candidates = 10;

/** Backoff after this many consecutive attempts without progress. */
export function backoffMs(attempt: number): number {
  return Math.min(maxBackoffMs, firstBackoffMs * 4 ** (attempt - 1));
}

export interface TaskRunnerOptions<D> {
  readonly database: Database;
  readonly tasks: readonly Task<D>[];
  readonly dependencies: D;
  readonly call: TypedCall;
  readonly log: Logger;
  readonly store?: TaskStore;
  /** Maximum number of tasks running on this node; others wait or run elsewhere. */
  readonly concurrency?: number;
  /** Interval of the search for due tasks whose event was missed. */
  readonly sweepMs: number;
  readonly leaseMs?: number;
}

/**
 * Runs a service's background tasks on this node. Woken by the `task-queued` event; also searches
 * periodically for tasks whose backoff or lease has expired, or whose event was missed.
 */
export class TaskRunner<D> {
  readonly #options: TaskRunnerOptions<D>;
  readonly #repository: TaskRepository;
  readonly #concurrency: number;
  readonly #leaseMs: number;
  readonly #running = new Map<ClaimedTask, Promise<void>>();
  #polling: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pollAgain = false;
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

  /** Starts no more tasks, lets each running one finish its batch, and requeues them for other nodes. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#polling;
    for (const task of this.#running.keys()) task.stop();
    await Promise.all(this.#running.values());
  }

  /** Searches for due tasks, now or right after the current search. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#polling) {
      this.#pollAgain = true;
      return;
    }
    clearTimeout(this.#timer);
    detached(() => this.#startPolling());
  }

  #startPolling(): void {
    this.#polling = this.#poll()
      .catch((error: unknown) => this.#options.log.error("search for due tasks failed, retrying", error))
      .finally(() => {
        this.#polling = undefined;
        if (this.#stopped) return;
        if (this.#pollAgain) this.wake();
        else this.#timer = setTimeout(() => this.wake(), this.#options.sweepMs).unref();
      });
  }

  async #poll(): Promise<void> {
    this.#pollAgain = false;
    while (!this.#stopped && this.#running.size < this.#concurrency) {
      const claimed = await this.#claimNext();
      if (!claimed) return;
      const work = this.#run(claimed)
        .catch((error: unknown) =>
          this.#options.log.error(`task ${claimed.row.id} could not be ended, its lease will expire`, error),
        )
        .finally(() => {
          this.#running.delete(claimed);
          this.wake();
        });
      this.#running.set(claimed, work);
    }
  }

  async #claimNext(): Promise<ClaimedTask | undefined> {
    const { database, tasks, store = noTaskStore } = this.#options;
    // During an upgrade, tasks of unknown kinds are left to newer nodes.
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
    // A single failed renewal is harmless; after repeated failures the lease expires, as it should.
    const heartbeat = setInterval(
      () => void claimed.renew().catch(() => undefined),
      this.#leaseMs / 3,
    ).unref();
    try {
      const outcome = await this.#work(claimed);
      if (!outcome || !(await claimed.end(outcome)))
        log.warn(`task ${kind} ${id} was taken over by another node`);
      else if (outcome.waitMs !== undefined) setTimeout(() => this.wake(), outcome.waitMs).unref();
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** @returns undefined when the task belongs to another node now */
  async #work(claimed: ClaimedTask): Promise<AttemptOutcome | undefined> {
    const { row } = claimed;
    if (row.cancelRequestedAt !== null) return { state: "cancelled" };
    // Poison task: its node died in each attempt.
    if (row.attempt > maxAttempts) return failed("worker-lost", "The node that ran it died in each attempt");
    const { tasks, dependencies, call, log } = this.#options;
    const task = tasks.find(({ kind }) => kind === row.kind);
    if (!task) throw new Error(`unknown kind of task ${row.kind}`);
    try {
      const context = {
        taskId: row.id,
        params: z.parse(task.params, row.params),
        checkpoint: z.parse(task.checkpoint, row.checkpoint ?? {}),
        actor: row.origin.actor,
        total: row.total,
        call,
        log,
        commit: claimed.commit.bind(claimed),
      };
      return { state: "succeeded", result: await task.run(context, dependencies) };
    } catch (error) {
      return this.#outcomeOf(error, claimed);
    }
  }

  async #outcomeOf(error: unknown, { row }: ClaimedTask): Promise<AttemptOutcome | undefined> {
    if (error instanceof TaskInterruption) {
      if (error.reason === "lease-lost") return undefined;
      return error.reason === "cancelled" ? { state: "cancelled" } : { state: "queued", uncounted: true };
    }
    if (error instanceof TaskFailure)
      return { state: "failed", error: { code: error.code, message: error.message }, result: error.result };

    // Progress in this attempt has reset the count.
    const attempt = (await this.#repository.byId(row.id))?.attempt ?? row.attempt;
    const last = attempt >= maxAttempts;
    const outcome = last ? "no further attempts" : `next attempt in ${backoffMs(attempt)} ms`;
    this.#options.log.error(
      `task ${row.kind} ${row.id} failed ${attempt} times without progress: ${outcome}`,
      error,
    );
    if (!last) return { state: "queued", waitMs: backoffMs(attempt) };
    return isShopError(error)
      ? failed(error.type, error.message)
      : failed("internal-error", "The failure is logged");
  }
}

function failed(code: string, message: string): AttemptOutcome {
  return { state: "failed", error: { code, message } };
}
