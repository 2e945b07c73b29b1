import { ownerFilter } from "../../contract/caller.ts";
import { action } from "../catalog.dependencies.ts";

export const listTasks = action("catalog.tasks.list", async ({ params, caller }, { tasks }) => {
  const { state, kind, ...request } = params;
  return tasks.list({ owner: ownerFilter(caller, "catalog:write"), state, kind }, request);
});
