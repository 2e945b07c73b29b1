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

/** A background task as those see it who wait for it. */
export const task = z
  .strictObject({
    id,
    kind: z.string().describe("What it does, e.g. `import-products`"),
    state,
    ownerId: id.nullable().describe("The user who started it"),
    attempt: z.int().describe("Attempts since it last got on; a task that fails too often in a row has failed"),
    progress: z.strictObject({ done: z.int(), total: z.int().nullable().describe("null while it is not known") }),
    result: z.record(z.string(), z.unknown()).nullable(),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    cancelRequestedAt: timestamp.nullable().describe("A running task ends at the next point where nothing is half done"),
    version: z.int(),
    createdAt: timestamp,
    startedAt: timestamp.nullable(),
    updatedAt: timestamp,
    finishedAt: timestamp.nullable(),
  })
  .meta({ id: "Task" });

export type Task = z.output<typeof task>;

/**
 * The actions with which a service shows its tasks, to be spread into its contract:
 * `...taskActions("/tasks", "catalog:write")`.
 *
 * @param path where its tasks are; no two services can have the same
 * @param permission what staff need to see and cancel tasks of others
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
        "One that waits is cancelled at once. One that runs stops when its current batch is done, and what it has done so far stays. One that has finished stays as it is.",
      access,
      route: { method: "DELETE", path: `${path}/{id}`, status: 200 },
      params: z.strictObject({ id }),
      result: task,
      errors: ["not-found"],
      idempotent: true,
    }),
    "tasks.result": action({
      summary: "Download the file that a task has made",
      access,
      route: { method: "GET", path: `${path}/{id}/result`, download: { partParam: "part" } },
      params: z.strictObject({ id, part: z.int().min(0).default(0) }),
      result: filePart,
      errors: ["not-found"],
      idempotent: true,
    }),
  };
}

/** The event that every service with tasks publishes and consumes: `"task-queued": taskQueued`. */
export const taskQueued = event({
  summary: "Someone started a background task; a node of the service takes it up",
  payload: z.strictObject({ taskId: id, kind: z.string() }),
});

/** And this one, which it publishes: `"task-cancelled": taskCancelled`. */
export const taskCancelled = event({
  summary: "Someone cancelled a background task; one that runs stops when its batch is done",
  payload: z.strictObject({ taskId: id, kind: z.string(), ownerId: id.nullable() }),
});
