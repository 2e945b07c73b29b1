import { actorOf } from "../../contract/caller.ts";
import { action } from "../audit.dependencies.ts";
import { exportTrail } from "../tasks/export-trail.task.ts";

export const startExport = action("audit.exports.start", async (context, { tasks }) => {
  const { params, caller, requestId, transaction } = context;
  const origin = { actor: actorOf(caller), requestId };
  return { task: await transaction((tx) => tasks.enqueue(exportTrail, params, origin, tx)) };
});
