import { job } from "../audit.dependencies.ts";
import { removeOldEntries } from "../remove-old-entries.ts";

const hourMs = 3_600_000;

/** Removes what is older than the trail is kept, when it is not kept for ever. One node does it for all. */
export const removeOldEntriesByAge = job({
  name: "remove-old-entries",
  every: () => hourMs,
  async run(context, dependencies) {
    const { keptMs } = dependencies;
    if (keptMs === undefined) return;
    for (let more = true; more; ) ({ more } = await removeOldEntries(context.now - keptMs, context, dependencies));
  },
});
