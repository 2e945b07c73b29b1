import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import type { Job } from "../service/jobs.ts";
import { FileStore } from "./file-store.ts";
import type { Task } from "./task.ts";
import { TaskQueue } from "./task-queue.ts";

const hourMs = 3_600_000;
const retentionMs = 7 * 24 * hourMs;
/** Longer than any upload takes: the gateway of an older one without a task has died. */
const longestUploadMs = hourMs;
const batch = 100;

/** Job that removes tasks a week after they finished, unless their kind is kept, and files without a task. */
export function purgeTasks<D>(
  { name, database }: ServiceWithDatabase,
  kinds: readonly Task<D>[] = [],
): Job<D> {
  const kept = kinds.filter((task) => task.kept).map(({ kind }) => kind);
  const [tasks, files] = [new TaskQueue(name, database), new FileStore(database)];
  return {
    name: "purge-tasks",
    once: "cluster",
    every: () => hourMs,
    async run({ now, transaction }) {
      let removed = batch;
      while (removed === batch)
        removed = await transaction((tx) => tasks.removeFinished(now - retentionMs, batch, tx, kept));
      for (;;) {
        const ids = await files.orphans(now - longestUploadMs, batch);
        for (const id of ids) await transaction((tx) => files.remove(id, tx));
        if (ids.length < batch) return;
      }
    },
  };
}
