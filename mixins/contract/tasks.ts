import { z } from "zod";
import { action, event } from "./contract.ts";
import { timestamp } from "./fields.ts";
import { filePart } from "./file-part.ts";
import { id } from "./ids.ts";
import { page, pageParams } from "./paging.ts";
import type { Permission } from "./permissions.ts";

export const taskStates = ["queued", "running", "succeeded", "failed", "cancelled"] as const;
export type TaskState = (typeof taskStates)[number];

const state = z
  .enum(taskStates)
  .describe("`queued` waits for a node, also between two attempts; the last three are final");

/** A background task, as clients see it. */
export const task = z
  .strictObject({
    id,
    kind: z.string().describe("What it does, e.g. `import-products`"),
    state,
    ownerId: id.nullable().describe("The user who started it"),
    attempt: z.int().describe("Attempts since the last progress; too many fail the task"),
    progress: z.strictObject({ done: z.int(), total: z.int().nullable().describe("null while unknown") }),
    result: z.record(z.string(), z.unknown()).nullable(),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    cancelRequestedAt: timestamp.nullable().describe("A running task ends after its current batch"),
    version: z.int(),
    createdAt: timestamp,
    startedAt: timestamp.nullable(),
    updatedAt: timestamp,
    finishedAt: timestamp.nullable(),
  })
  .meta({ id: "Task" });

export type Task = z.output<typeof task>;

/**
 * Actions with which a service exposes its tasks, for its contract: `...taskActions("/tasks",
 * "catalog:write")`.
 *
 * @param path of its tasks, unique among services
 * @param permission that staff need to see and cancel the tasks of others
 */
export function taskActions(path: `/${string}`, permission: Permission) {
  const access = { ownerOr: permission } as const;
  return {
    "tasks.list": action({
      summary: "Background tasks",
      description: "Your own; staff see everyone's.",
      access,
      route: { method: "GET", path },
      params: z.strictObject({
        ...pageParams(["createdAt"], "-createdAt"),
        state: state.optional(),
        kind: z.string().max(60).optional(),
      }),
      result: page(task),
      errors: [],
      idempotent: true,
    }),
    "tasks.get": action({
      summary: "A background task: state, progress, result",
      description: "Finished tasks are kept for seven days.",
      access,
      route: { method: "GET", path: `${path}/{id}` },
      params: z.strictObject({ id }),
      result: task,
      errors: ["not-found"],
      idempotent: true,
    }),
    "tasks.cancel": action({
      summary: "Cancel a background task",
      description:
        "A queued task is cancelled at once. A running one stops after its current batch and keeps its effects so far. A finished one does not change.",
      access,
      route: { method: "DELETE", path: `${path}/{id}`, status: 200 },
      params: z.strictObject({ id }),
      result: task,
      errors: ["not-found"],
      idempotent: true,
    }),
    "tasks.result": action({
      summary: "Download a task's result file",
      access,
      route: { method: "GET", path: `${path}/{id}/result`, download: { partParam: "part" } },
      params: z.strictObject({ id, part: z.int().min(0).default(0) }),
      result: filePart,
      errors: ["not-found"],
      idempotent: true,
    }),
  };
}

/** Published and consumed by every service with tasks: `"task-queued": taskQueued`. */
export const taskQueued = event({
  summary: "A background task was queued; a node of the service runs it",
  about: { entity: "task", id: "taskId" },
  payload: z.strictObject({ taskId: id, kind: z.string() }),
  internal: true,
});

/** Published by every service with tasks: `"task-cancelled": taskCancelled`. */
export const taskCancelled = event({
  summary: "A background task was cancelled; a running one stops after its current batch",
  about: { entity: "task", id: "taskId" },
  payload: z.strictObject({ taskId: id, kind: z.string(), ownerId: id.nullable() }),
  internal: true,
});
