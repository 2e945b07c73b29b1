import { periodOf } from "../period.ts";
import { presentUserCounts } from "../present.ts";
import { action } from "../statistics.dependencies.ts";

export const listUsersByDay = action(
  "statistics.users.days",
  async ({ params, now }, { calendar, presence }) => {
    const { from, to } = periodOf(params, calendar, now);
    const days = await presence.countsOf(from, to);
    return { items: days.map(({ day, ...counts }) => ({ day, ...presentUserCounts(counts) })) };
  },
);
