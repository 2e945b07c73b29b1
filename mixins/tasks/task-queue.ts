import type { z } from "zod";
import { newId } from "../../services/contract/ids.ts";
import type { EventName } from "../../services/contract/calls.ts";
import type { Page, PageRequest } from "../../services/contract/paging.ts";
import type { Task as PresentedTask, TaskState } from "../../services/contract/tasks.ts";
import type { Database, Origin, Tx } from "../database/database.ts";
import { presentTask } from "./present-task.ts";
import type { Task, TaskRow } from "./task.ts";
import { TaskRepository } from "./task-repository.ts";
import type { TaskStore } from "./task-store.ts";
import { noTaskStore } from "./task-store.ts";

type TaskQueuedName = Extract<EventName, `${string}.task-queued`>;
type TaskCancelledName = Extract<EventName, `${string}.task-cancelled`>;

/** Those whose tasks are meant; undefined for everyone's. */
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
   * Puts a task into the queue with this transaction: if and only if it commits, some node of the service does the task.
   *
   * @param origin on whose behalf; a user is the task's owner
   */
  async enqueue<D, P extends z.ZodType, C extends z.ZodType>(
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
      params: task.params.parse(params),
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

  /** @returns undefined also for a task of someone else */
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
    filter: { readonly owner: Owner; readonly state: TaskState | undefined; readonly kind: string | undefined },
    request: PageRequest,
  ): Promise<Page<PresentedTask>> {
    const { owner, ...rest } = filter;
    const page = await this.#repository.list({ ...rest, ownerId: owner }, request);
    return { ...page, items: page.items.map(presentTask) };
  }

  /**
   * Cancels a task that waits, and leaves word for one that runs; one that has finished stays as it is.
   *
   * @returns the task as it is then; undefined also for a task of someone else
   */
  async cancel(id: string, owner: Owner, origin: Origin): Promise<PresentedTask | undefined> {
    const row = await this.#database.transaction(origin, async (tx) => {
      const found = await this.#repository.byId(id, tx);
      if (!found || !ownedBy(presentTask(found), owner)) return undefined;
      const { kind, ownerId } = found;
      if (await this.#repository.cancel(id, Date.now(), tx)) tx.publish(this.#cancelled, { taskId: id, kind, ownerId });
      return this.#repository.byId(id, tx);
    });
    if (!row) return undefined;
    const task = presentTask(row);
    await this.#store.put(task);
    return task;
  }

  /** Forgets some of the tasks that finished before. @returns how many */
  async removeFinished(before: number, limit: number, tx: Tx): Promise<number> {
    return this.#repository.removeFinished(before, limit, tx);
  }
}

function ownedBy(task: PresentedTask, owner: Owner): PresentedTask | undefined {
  return owner === undefined || task.ownerId === owner ? task : undefined;
}
