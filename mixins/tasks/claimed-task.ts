import { setImmediate } from "node:timers/promises";
import { newId } from "../../services/contract/ids.ts";
import type { Database, Tx } from "../database/database.ts";
import { presentTask } from "./present-task.ts";
import type { Progress, TaskRow } from "./task.ts";
import type { Ending, TaskRepository } from "./task-repository.ts";
import type { TaskStore } from "./task-store.ts";

/** Progress is told to the store no more often than this. */
const tellEveryMs = 500;

/** Why a task's work is not continued here. */
export class Interruption extends Error {
  override name = "Interruption";
  readonly reason: "stopping" | "cancelled" | "lease-lost";

  constructor(reason: Interruption["reason"]) {
    super(`the task is interrupted: ${reason}`);
    this.reason = reason;
  }
}

export interface ClaimOptions {
  readonly database: Database;
  readonly repository: TaskRepository;
  readonly store: TaskStore;
  /** How long a node that does not answer keeps its tasks. */
  readonly leaseMs: number;
}

/** A task that this node has taken on. Whatever it changes, it changes as the holder of the lease, or not at all. */
export class ClaimedTask {
  readonly row: TaskRow;
  readonly #leaseOwner: string;
  readonly #options: ClaimOptions;
  #stopping = false;
  #toldAt = 0;

  private constructor(row: TaskRow, leaseOwner: string, options: ClaimOptions) {
    this.row = row;
    this.#leaseOwner = leaseOwner;
    this.#options = options;
  }

  /** @returns undefined when another node was faster */
  static async claim(id: string, options: ClaimOptions): Promise<ClaimedTask | undefined> {
    const { database, repository, leaseMs } = options;
    const leaseOwner = newId();
    const row = await database.transaction(origin, async (tx) => {
      const now = Date.now();
      return repository.claim(id, leaseOwner, now, now + leaseMs, tx);
    });
    if (!row) return undefined;
    const claimed = new ClaimedTask(row, leaseOwner, options);
    await claimed.#tell();
    return claimed;
  }

  /** From now on no batch begins. */
  stop(): void {
    this.#stopping = true;
  }

  /** See `TaskContext.commit`. @throws Interruption */
  async commit(work: (tx: Tx) => Promise<Progress<unknown>>): Promise<void> {
    if (this.#stopping) throw new Interruption("stopping");
    const { database, repository, leaseMs } = this.#options;
    const { id } = this.row;
    await database.transaction(this.row.origin, async (tx) => {
      const held = await repository.lockHeld(id, this.#leaseOwner, tx);
      if (!held) throw new Interruption("lease-lost");
      if (held.cancelled) throw new Interruption("cancelled");
      const progress = await work(tx);
      const now = Date.now();
      await repository.advance(id, progress, now, now + leaseMs, tx);
    });
    if (Date.now() - this.#toldAt >= tellEveryMs) await this.#tell();
    // SQLite works in this thread: whoever waits has their turn before the next batch.
    await setImmediate();
  }

  /** Keeps the lease while a batch takes long. */
  async renew(): Promise<void> {
    const { database, repository, leaseMs } = this.#options;
    await database.transaction(origin, (tx) =>
      repository.renew(this.row.id, this.#leaseOwner, Date.now() + leaseMs, tx),
    );
  }

  /** @returns false when the lease was lost meanwhile: then somebody else decides */
  async end(ending: Ending): Promise<boolean> {
    const { database, repository } = this.#options;
    const ended = await database.transaction(this.row.origin, (tx) =>
      repository.end(this.row.id, this.#leaseOwner, ending, Date.now(), tx),
    );
    await this.#tell();
    return ended;
  }

  async #tell(): Promise<void> {
    const { repository, store } = this.#options;
    this.#toldAt = Date.now();
    const row = await repository.byId(this.row.id);
    if (row) await store.put(presentTask(row));
  }
}

const origin = { actor: { kind: "system", id: "tasks" }, requestId: "tasks" } as const;
