import { ownerFilter } from "../../contract/caller.ts";
import { action } from "../audit.dependencies.ts";

export const listTasks = action("audit.tasks.list", async ({ params, caller }, { tasks }) => {
  const { state, kind, ...request } = params;
  return tasks.list({ owner: ownerFilter(caller, "audit:read"), state, kind }, request);
});
