import { job } from "../catalog.dependencies.ts";

const hourMs = 3_600_000;
const keptMs = 7 * 24 * hourMs;
/** Nobody takes that long to send a file: the sender, or the node that took it in, is gone. */
const uploadMs = hourMs;
const batch = 100;

/** Forgets tasks that finished a week ago, and files that nobody needs. One node does it for all. */
export const removeOldTasks = job({
  name: "remove-old-tasks",
  every: () => hourMs,
  async run({ now, transaction }, { tasks, files }) {
    let removed = batch;
    while (removed === batch) removed = await transaction((tx) => tasks.removeFinished(now - keptMs, batch, tx));
    for (;;) {
      const ids = await files.unneeded(now - uploadMs, batch);
      for (const id of ids) await transaction((tx) => files.remove(id, tx));
      if (ids.length < batch) return;
    }
  },
});
