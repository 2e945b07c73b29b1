import { job } from "../audit.dependencies.ts";

const hourMs = 3_600_000;
const keptMs = 7 * 24 * hourMs;
const batch = 100;

/** Forgets exports that finished a week ago, and their files. One node does it for all. */
export const removeOldExports = job({
  name: "remove-old-exports",
  every: () => hourMs,
  async run({ now, transaction }, { tasks, files }) {
    let removed = batch;
    while (removed === batch) removed = await transaction((tx) => tasks.removeFinished(now - keptMs, batch, tx));
    for (;;) {
      const ids = await files.unneeded(now - hourMs, batch);
      for (const id of ids) await transaction((tx) => files.remove(id, tx));
      if (ids.length < batch) return;
    }
  },
});
