import { actorOf, merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../catalog.dependencies.ts";
import { exportProducts } from "../tasks/export-products.task.ts";

export const startExport = action("catalog.exports.start", async (context, { tasks }) => {
  const { params, caller, requestId, transaction } = context;
  const origin = { actor: actorOf(caller), requestId };
  const merchants = merchantFilter(caller, "catalog:write");
  const wanted = merchants ? { ...params, merchants: [...merchants] } : params;
  return { task: await transaction((tx) => tasks.enqueue(exportProducts, wanted, origin, tx)) };
});
