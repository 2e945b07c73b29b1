import { actorOf } from "../../../mixins/contract/caller.ts";
import { periodOf } from "../period.ts";
import { action } from "../statistics.dependencies.ts";
import { rebuildSales } from "../tasks/rebuild-sales.task.ts";

export const startRebuild = action("statistics.rebuilds.start", async (context, { tasks, calendar }) => {
  const { params, caller, requestId, now, transaction } = context;
  const period = periodOf(params, calendar, now);
  const origin = { actor: actorOf(caller), requestId };
  return { task: await transaction((tx) => tasks.enqueue(rebuildSales, period, origin, tx)) };
});
