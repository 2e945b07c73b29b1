import { action } from "../audit.dependencies.ts";
import { removeOldEntries } from "../remove-old-entries.ts";

const dayMs = 86_400_000;

export const removeOldEntriesNow = action("audit.entries.remove-old", async (context, dependencies) => {
  const { olderThanDays } = context.params;
  const keptMs = olderThanDays === undefined ? dependencies.keptMs : olderThanDays * dayMs;
  if (keptMs === undefined)
    throw context.fail("validation-failed", "The trail is kept for ever here (AUDIT_RETENTION_DAYS): say how many days are to stay");
  return removeOldEntries(context.now - keptMs, context, dependencies);
});
