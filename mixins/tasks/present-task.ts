import { toTimestamp } from "../contract/fields.ts";
import type { Task } from "../contract/tasks.ts";
import type { TaskRow } from "./task.ts";

export function presentTask(row: TaskRow): Task {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    ownerId: row.ownerId,
    attempt: row.attempt,
    progress: { done: row.done, total: row.total },
    result: row.result && { ...row.result },
    error: row.error && { ...row.error },
    cancelRequestedAt: momentOrNull(row.cancelRequestedAt),
    version: row.version,
    createdAt: toTimestamp(row.createdAt),
    startedAt: momentOrNull(row.startedAt),
    updatedAt: toTimestamp(row.updatedAt),
    finishedAt: momentOrNull(row.finishedAt),
  };
}

function momentOrNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : toTimestamp(milliseconds);
}
