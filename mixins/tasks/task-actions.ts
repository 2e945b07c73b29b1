import type { z } from "zod";
import type { ActionName, Params, Result } from "../contract/calls.ts";
import type { KeyCaller, TrustedCaller, UserCaller } from "../contract/caller.ts";
import { actorOf, ownerFilter } from "../contract/caller.ts";
import type { ShopError } from "../contract/errors.ts";
import type { Page, PageRequest } from "../contract/paging.ts";
import type { Permission } from "../contract/permissions.ts";
import type { Task as PresentedTask, TaskState } from "../contract/tasks.ts";
import type { FilePart } from "../contract/file-part.ts";
import type { Implementation } from "../service/action-runtime.ts";
import { exportFilePart } from "./export-file.ts";
import type { FileStore } from "./file-store.ts";
import type { Task } from "./task.ts";
import type { TaskQueue } from "./task-queue.ts";

/** The parts of an action's context that these handlers read. */
interface Context<P> {
  readonly params: P;
  readonly caller: UserCaller | KeyCaller | TrustedCaller;
  readonly requestId: string;
  readonly fail: (code: "not-found") => ShopError;
}

interface Dependencies {
  readonly tasks: TaskQueue;
  readonly files: FileStore;
}

interface Handler<N extends string, P, R> {
  readonly name: N;
  readonly handle: (context: Context<P>, dependencies: Dependencies) => Promise<R>;
}

type One = { readonly id: string };
type Listing = PageRequest & { readonly state?: TaskState | undefined; readonly kind?: string | undefined };

/** A contract that spreads `taskActions`. */
interface ContractWithTasks<S extends string> {
  readonly name: S;
  readonly actions: { readonly "tasks.list": { readonly access: { readonly ownerOr: Permission } } };
}

/**
 * Handlers for the actions that `taskActions` declares, for a service's list: `...taskHandlers(catalog,
 * "products")`.
 *
 * @param fileName prefix of the names of exported files
 */
export function taskHandlers<S extends string>(contract: ContractWithTasks<S>, fileName: string) {
  const { name } = contract;
  const { ownerOr } = contract.actions["tasks.list"].access;
  const list: Handler<`${S}.tasks.list`, Listing, Page<PresentedTask>> = {
    name: `${name}.tasks.list`,
    async handle({ params: { state, kind, ...request }, caller }, { tasks }) {
      return tasks.list({ owner: ownerFilter(caller, ownerOr), state, kind }, request);
    },
  };
  const get: Handler<`${S}.tasks.get`, One, PresentedTask> = {
    name: `${name}.tasks.get`,
    async handle({ params, caller, fail }, { tasks }) {
      const task = await tasks.byId(params.id, ownerFilter(caller, ownerOr));
      if (!task) throw fail("not-found");
      return task;
    },
  };
  const cancel: Handler<`${S}.tasks.cancel`, One, PresentedTask> = {
    name: `${name}.tasks.cancel`,
    async handle({ params, caller, requestId, fail }, { tasks }) {
      const origin = { actor: actorOf(caller), requestId };
      const task = await tasks.cancel(params.id, ownerFilter(caller, ownerOr), origin);
      if (!task) throw fail("not-found");
      return task;
    },
  };
  const result: Handler<`${S}.tasks.result`, One & { readonly part: number }, FilePart> = {
    name: `${name}.tasks.result`,
    async handle({ params, caller }, dependencies) {
      return exportFilePart({ ...params, owner: ownerFilter(caller, ownerOr), name: fileName }, dependencies);
    },
  };
  return [list, get, cancel, result] as const;
}

/** Actions whose result is a task. */
type StartingAction = {
  [N in ActionName]: Result<N> extends { readonly task: PresentedTask } ? N : never;
}[ActionName];

/** Implements an action that starts a task with its own params. */
export function startTask<
  N extends StartingAction,
  D extends Pick<Dependencies, "tasks">,
  P extends z.core.$ZodType,
>(name: N, task: Task<D, P> & (Params<N> extends z.input<P> ? unknown : never)): Implementation<N, D> {
  return {
    name,
    async handle({ params, caller, requestId, transaction }, { tasks }) {
      const origin = { actor: actorOf(caller), requestId };
      return {
        task: await transaction((tx) => tasks.enqueue(task, params as z.input<P>, origin, tx)),
      } as Result<N>;
    },
  };
}
