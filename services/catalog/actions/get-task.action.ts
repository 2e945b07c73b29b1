import { ownerFilter } from "../../contract/caller.ts";
import { action } from "../catalog.dependencies.ts";

export const getTask = action("catalog.tasks.get", async ({ params, caller, fail }, { tasks }) => {
  const task = await tasks.byId(params.id, ownerFilter(caller, "catalog:write"));
  if (!task) throw fail("not-found");
  return task;
});
