import { action } from "../audit.dependencies.ts";
import { removeOldEntries } from "../remove-old-entries.ts";

const dayMs = 86_400_000;

export const removeOldEntriesNow = action("audit.entries.remove-old", async (context, dependencies) => {
  const { olderThanDays } = context.params;
  const keptMs = olderThanDays === undefined ? dependencies.retentionMs : olderThanDays * dayMs;
  if (keptMs === undefined)
    throw context.fail(
      "validation-failed",
      "AUDIT_RETENTION_DAYS keeps the trail for ever: pass olderThanDays",
    );
  return removeOldEntries(context.now - keptMs, context, dependencies);
});
