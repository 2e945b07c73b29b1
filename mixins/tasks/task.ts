import type { Logger } from "moleculer";
import type { z } from "zod";
import type { TypedCall } from "../../services/contract/calls.ts";
import type { Actor } from "../../services/contract/caller.ts";
import type { TaskState } from "../../services/contract/tasks.ts";
import type { Origin, Tx } from "../database/database.ts";

/** A background task as the database keeps it. Times are milliseconds since 1970, UTC. */
export interface TaskRow {
  readonly id: string;
  readonly kind: string;
  readonly params: unknown;
  readonly ownerId: string | null;
  readonly origin: Origin;
  readonly state: TaskState;
  readonly attempt: number;
  readonly cancelRequestedAt: number | null;
  readonly done: number;
  readonly total: number | null;
  readonly checkpoint: unknown;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly version: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly updatedAt: number;
  readonly finishedAt: number | null;
}

/** How far a batch has brought its task. */
export interface Progress<C> {
  readonly done: number;
  /** Stays as it was when absent. */
  readonly total?: number;
  /** What the next batch, or whoever resumes the task, begins from. */
  readonly checkpoint: C;
}

/** What a task's work gets. */
export interface TaskContext<P, C> {
  readonly taskId: string;
  readonly params: P;
  /** Who started it. */
  readonly actor: Actor;
  /** Where to begin: what the last committed batch left, also when another node did it. */
  readonly checkpoint: C;
  /** What the task was begun with, or learnt since. */
  readonly total: number | null;
  /** Calls another service on the shop's own behalf; never from within `commit`. */
  readonly call: TypedCall;
  readonly log: Logger;
  /**
   * Does one batch: `work` and the progress that it returns commit together, on behalf of who started the task, or
   * neither does. It may run more than once, like every transaction. Between batches the task can be cancelled, handed to
   * another node, or lost to it; then `commit` throws, and the task lets it pass.
   */
  readonly commit: (work: (tx: Tx) => Promise<Progress<C>>) => Promise<void>;
}

/** A kind of background task. */
export interface Task<D, P extends z.ZodType = z.ZodType, C extends z.ZodType = z.ZodType> {
  /** Unique within the service, e.g. `import-products`. */
  readonly kind: string;
  readonly params: P;
  /** The checkpoint's shape; what it makes of `{}` is where a task begins. */
  readonly checkpoint: C;
  /**
   * The work. What it throws is tried again later, from the last checkpoint, except `TaskFailure`.
   *
   * @returns what is shown as the task's result: JSON
   */
  run(context: TaskContext<z.output<P>, z.output<C>>, dependencies: D): Promise<Record<string, unknown>>;
}

/** For a service's own `task`: `export const task = tasksOf<CatalogDependencies>()`. */
export function tasksOf<D>() {
  return <P extends z.ZodType, C extends z.ZodType>(definition: Task<D, P, C>): Task<D, P, C> => definition;
}

/** The task cannot succeed, however often it is tried. Code and message are shown to who started it. */
export class TaskFailure extends Error {
  override name = "TaskFailure";
  readonly code: string;
  /** What there is to show in spite of it. */
  readonly result: Record<string, unknown> | null;

  constructor(code: string, message: string, result: Record<string, unknown> | null = null) {
    super(message);
    this.code = code;
    this.result = result;
  }
}
