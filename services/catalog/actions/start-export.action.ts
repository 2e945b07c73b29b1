import { actorOf } from "../../contract/caller.ts";
import { action } from "../catalog.dependencies.ts";
import { exportProducts } from "../tasks/export-products.task.ts";

export const startExport = action("catalog.exports.start", async (context, { tasks }) => {
  const { params, caller, requestId, transaction } = context;
  const origin = { actor: actorOf(caller), requestId };
  return { task: await transaction((tx) => tasks.enqueue(exportProducts, params, origin, tx)) };
});
