import { ownerFilter } from "../../contract/caller.ts";
import { action } from "../audit.dependencies.ts";

export const getTask = action("audit.tasks.get", async ({ params, caller, fail }, { tasks }) => {
  const task = await tasks.byId(params.id, ownerFilter(caller, "audit:read"));
  if (!task) throw fail("not-found");
  return task;
});
