import { setImmediate } from "node:timers/promises";
import { newId } from "../contract/ids.ts";
import type { Database, Tx } from "../database/database.ts";
import { presentTask } from "./present-task.ts";
import type { Progress, TaskRow } from "./task.ts";
import type { AttemptOutcome, TaskRepository } from "./task-repository.ts";
import type { TaskStore } from "./task-store.ts";

/** Minimum interval between progress updates to the task store. */
const storeIntervalMs = 500;

/** Why this node stops working on a task. */
export class TaskInterruption extends Error {
  override name = "TaskInterruption";
  readonly reason: "stopping" | "cancelled" | "lease-lost";

  constructor(reason: TaskInterruption["reason"]) {
    super(`the task is interrupted: ${reason}`);
    this.reason = reason;
  }
}

export interface ClaimOptions {
  readonly database: Database;
  readonly repository: TaskRepository;
  readonly store: TaskStore;
  /** Time until other nodes may claim the task of an unresponsive node. */
  readonly leaseMs: number;
}

/** A task claimed by this node. Every change requires that the node still holds the lease. */
export class ClaimedTask {
  readonly row: TaskRow;
  readonly #leaseOwner: string;
  readonly #options: ClaimOptions;
  #stopping = false;
  #storedAt = 0;

  private constructor(row: TaskRow, leaseOwner: string, options: ClaimOptions) {
    this.row = row;
    this.#leaseOwner = leaseOwner;
    this.#options = options;
  }

  /** @returns undefined when another node claimed it first */
  static async claim(id: string, options: ClaimOptions): Promise<ClaimedTask | undefined> {
    const { database, repository, leaseMs } = options;
    const leaseOwner = newId();
    const row = await database.transaction(origin, async (tx) => {
      const now = Date.now();
      return repository.claim(id, leaseOwner, now, now + leaseMs, tx);
    });
    if (!row) return undefined;
    const claimed = new ClaimedTask(row, leaseOwner, options);
    await claimed.#storeState();
    return claimed;
  }

  /** Starts no further batch. */
  stop(): void {
    this.#stopping = true;
  }

  /** See `TaskContext.commit`. @throws TaskInterruption */
  async commit(work: (tx: Tx) => Promise<Progress<unknown>>): Promise<void> {
    if (this.#stopping) throw new TaskInterruption("stopping");
    const { database, repository, leaseMs } = this.#options;
    const { id } = this.row;
    await database.transaction(this.row.origin, async (tx) => {
      const held = await repository.lockHeld(id, this.#leaseOwner, tx);
      if (!held) throw new TaskInterruption("lease-lost");
      if (held.cancelled) throw new TaskInterruption("cancelled");
      const progress = await work(tx);
      const now = Date.now();
      await repository.advance(id, progress, now, now + leaseMs, tx);
    });
    if (Date.now() - this.#storedAt >= storeIntervalMs) await this.#storeState();
    // SQLite is synchronous: yield to other work between batches.
    await setImmediate();
  }

  /** Renews the lease during a long batch. */
  async renew(): Promise<void> {
    const { database, repository, leaseMs } = this.#options;
    await database.transaction(origin, (tx) =>
      repository.renew(this.row.id, this.#leaseOwner, Date.now() + leaseMs, tx),
    );
  }

  /** @returns false when the lease was lost meanwhile: its new holder decides */
  async end(outcome: AttemptOutcome): Promise<boolean> {
    const { database, repository } = this.#options;
    const ended = await database.transaction(this.row.origin, (tx) =>
      repository.end(this.row.id, this.#leaseOwner, outcome, Date.now(), tx),
    );
    await this.#storeState();
    return ended;
  }

  async #storeState(): Promise<void> {
    const { repository, store } = this.#options;
    this.#storedAt = Date.now();
    const row = await repository.byId(this.row.id);
    if (row) await store.put(presentTask(row));
  }
}

const origin = { actor: { kind: "system", id: "tasks" }, requestId: "tasks" } as const;
