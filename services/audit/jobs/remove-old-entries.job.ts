import { job } from "../audit.dependencies.ts";
import { removeOldEntries } from "../remove-old-entries.ts";

const hourMs = 3_600_000;

/** Removes entries older than the retention period, if one is set. */
export const removeOldEntriesByAge = job({
  name: "remove-old-entries",
  once: "cluster",
  every: () => hourMs,
  async run(context, dependencies) {
    const { retentionMs } = dependencies;
    if (retentionMs === undefined) return;
    for (let more = true; more;)
      ({ more } = await removeOldEntries(context.now - retentionMs, context, dependencies));
  },
});
