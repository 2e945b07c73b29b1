import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { noCounts } from "../domain/presence.ts";
import { action } from "../statistics.dependencies.ts";

export const getUsersOnline = action("statistics.users.online", async ({ now }, { calendar, presence }) => {
  const today = calendar.dayOf(now);
  const online = await presence.online();
  const [{ peak } = noCounts] = await presence.countsOf(today, today);
  return { online, peakToday: Math.max(peak, online), at: toTimestamp(now) };
});
