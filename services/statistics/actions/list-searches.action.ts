import { periodOf } from "../period.ts";
import { action } from "../statistics.dependencies.ts";

export const listSearches = action("statistics.searches", async ({ params, now }, { calendar, searches }) => {
  const { from, to } = periodOf(params, calendar, now);
  const [total, items] = await Promise.all([
    searches.total(from, to),
    searches.top(from, to, params.fruitless ? "fruitless" : "times", params.limit),
  ]);
  return { ...total, items };
});
