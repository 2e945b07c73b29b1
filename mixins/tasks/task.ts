import type { Logger } from "moleculer";
import type { z } from "zod";
import type { TypedCall } from "../contract/calls.ts";
import type { Actor } from "../contract/caller.ts";
import type { TaskState } from "../contract/tasks.ts";
import type { Origin, Tx } from "../database/database.ts";

/** A background task, as stored. Times are milliseconds since 1970 (UTC). */
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

/** Progress after a batch. */
export interface Progress<C> {
  readonly done: number;
  /** Unchanged when absent. */
  readonly total?: number;
  /** State from which the next batch, or a retry, continues. */
  readonly checkpoint: C;
}

/** Context of a task's work. */
export interface TaskContext<P, C> {
  readonly taskId: string;
  readonly params: P;
  /** The user or service that started it. */
  readonly actor: Actor;
  /** State after the last committed batch, on whichever node. */
  readonly checkpoint: C;
  /** The total known so far. */
  readonly total: number | null;
  /** Calls another service on behalf of the shop; never within `commit`. */
  readonly call: TypedCall;
  readonly log: Logger;
  /**
   * Runs one batch: `work` and its progress commit together, on behalf of the task's originator. Like every
   * transaction it may be retried. Throws when the task was cancelled, handed over or lost to another node
   * between batches; do not catch that.
   */
  readonly commit: (work: (tx: Tx) => Promise<Progress<C>>) => Promise<void>;
}

/** A kind of background task. */
export interface Task<
  D,
  P extends z.core.$ZodType = z.core.$ZodType,
  C extends z.core.$ZodType = z.core.$ZodType,
> {
  /** Unique within the service, e.g. `import-products`. */
  readonly kind: string;
  /** Tasks of this kind that have succeeded stay, with their files; all others are removed after a week. */
  readonly kept?: true;
  readonly params: P;
  /** Schema of the checkpoint; parsing `{}` yields the initial one. */
  readonly checkpoint: C;
  /**
   * The work. Errors except `TaskFailure` are retried later, from the last checkpoint.
   *
   * @returns the task's result, as JSON
   */
  run(context: TaskContext<z.output<P>, z.output<C>>, dependencies: D): Promise<Record<string, unknown>>;
}

/** For a service's own `task`: `export const task = tasksOf<CatalogDependencies>()`. */
export function tasksOf<D>() {
  return <P extends z.core.$ZodType, C extends z.core.$ZodType>(definition: Task<D, P, C>): Task<D, P, C> =>
    definition;
}

/** A permanent failure: no retries. The originator sees code and message. */
export class TaskFailure extends Error {
  override name = "TaskFailure";
  readonly code: string;
  /** Partial result. */
  readonly result: Record<string, unknown> | null;

  constructor(code: string, message: string, result: Record<string, unknown> | null = null) {
    super(message);
    this.code = code;
    this.result = result;
  }
}
