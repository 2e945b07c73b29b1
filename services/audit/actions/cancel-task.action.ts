import { actorOf, ownerFilter } from "../../contract/caller.ts";
import { action } from "../audit.dependencies.ts";

export const cancelTask = action("audit.tasks.cancel", async ({ params, caller, requestId, fail }, { tasks }) => {
  const origin = { actor: actorOf(caller), requestId };
  const task = await tasks.cancel(params.id, ownerFilter(caller, "audit:read"), origin);
  if (!task) throw fail("not-found");
  return task;
});
