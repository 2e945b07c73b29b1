import { actorOf, ownerFilter } from "../../contract/caller.ts";
import { action } from "../catalog.dependencies.ts";

export const cancelTask = action("catalog.tasks.cancel", async ({ params, caller, requestId, fail }, { tasks }) => {
  const origin = { actor: actorOf(caller), requestId };
  const task = await tasks.cancel(params.id, ownerFilter(caller, "catalog:write"), origin);
  if (!task) throw fail("not-found");
  return task;
});
