import { z } from "zod";
import { newId } from "../contract/ids.ts";
import type { EventName } from "../contract/calls.ts";
import type { Page, PageRequest } from "../contract/paging.ts";
import type { Task as PresentedTask, TaskState } from "../contract/tasks.ts";
import type { Database, Origin, Tx } from "../database/database.ts";
import { presentTask } from "./present-task.ts";
import type { Task, TaskRow } from "./task.ts";
import { TaskRepository } from "./task-repository.ts";
import type { TaskStore } from "./task-store.ts";
import { noTaskStore } from "./task-store.ts";

type TaskQueuedName = Extract<EventName, `${string}.task-queued`>;
type TaskCancelledName = Extract<EventName, `${string}.task-cancelled`>;

/** The owner to filter by; undefined: all. */
type Owner = string | undefined;

/** A service's background tasks, for its actions. */
export class TaskQueue {
  readonly #database: Database;
  readonly #repository: TaskRepository;
  readonly #store: TaskStore;
  readonly #queued: TaskQueuedName;
  readonly #cancelled: TaskCancelledName;

  constructor(service: string, database: Database, store: TaskStore = noTaskStore) {
    this.#database = database;
    this.#repository = new TaskRepository(database);
    this.#store = store;
    this.#queued = `${service}.task-queued` as TaskQueuedName;
    this.#cancelled = `${service}.task-cancelled` as TaskCancelledName;
  }

  /**
   * Queues a task in this transaction: if and only if it commits, a node of the service runs the task.
   *
   * @param origin originator; a user becomes the task's owner
   */
  async enqueue<D, P extends z.core.$ZodType, C extends z.core.$ZodType>(
    task: Task<D, P, C>,
    params: z.input<P>,
    origin: Origin,
    tx: Tx,
  ): Promise<PresentedTask> {
    const now = Date.now();
    const { actor } = origin;
    const row: TaskRow = {
      id: newId(),
      kind: task.kind,
      params: z.parse(task.params, params),
      ownerId: actor.kind === "user" ? (actor.id ?? null) : null,
      origin,
      state: "queued",
      attempt: 0,
      cancelRequestedAt: null,
      done: 0,
      total: null,
      checkpoint: null,
      result: null,
      error: null,
      version: 1,
      createdAt: now,
      startedAt: null,
      updatedAt: now,
      finishedAt: null,
    };
    await this.#repository.insert(row, tx);
    tx.publish(this.#queued, { taskId: row.id, kind: row.kind });
    return presentTask(row);
  }

  /** @returns undefined also for another user's task */
  async byId(id: string, owner: Owner): Promise<PresentedTask | undefined> {
    const known = await this.#store.get(id);
    if (known) return ownedBy(known, owner);
    const row = await this.#repository.byId(id);
    if (!row) return undefined;
    const task = presentTask(row);
    await this.#store.put(task);
    return ownedBy(task, owner);
  }

  async list(
    filter: {
      readonly owner: Owner;
      readonly state: TaskState | undefined;
      readonly kind: string | undefined;
    },
    request: PageRequest,
  ): Promise<Page<PresentedTask>> {
    const { owner, ...rest } = filter;
    const page = await this.#repository.list({ ...rest, ownerId: owner }, request);
    return { ...page, items: page.items.map(presentTask) };
  }

  /**
   * Cancels a queued task; requests cancellation of a running one; does not change a finished one.
   *
   * @returns the task after that; undefined also for another user's task
   */
  async cancel(id: string, owner: Owner, origin: Origin): Promise<PresentedTask | undefined> {
    const row = await this.#database.transaction(origin, async (tx) => {
      const found = await this.#repository.byId(id, tx);
      if (!found || !ownedBy(presentTask(found), owner)) return undefined;
      const { kind, ownerId } = found;
      if (await this.#repository.cancel(id, Date.now(), tx))
        tx.publish(this.#cancelled, { taskId: id, kind, ownerId });
      return this.#repository.byId(id, tx);
    });
    if (!row) return undefined;
    const task = presentTask(row);
    await this.#store.put(task);
    return task;
  }

  /**
   * Removes up to `limit` tasks that finished before a time, but none that succeeded of the kept kinds.
   *
   * @returns their number
   */
  async removeFinished(before: number, limit: number, tx: Tx, kept: readonly string[] = []): Promise<number> {
    return this.#repository.removeFinished(before, limit, tx, kept);
  }
}

function ownedBy(task: PresentedTask, owner: Owner): PresentedTask | undefined {
  return owner === undefined || task.ownerId === owner ? task : undefined;
}
