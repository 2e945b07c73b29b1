import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { presentMethod } from "../present.ts";
import { action } from "../shipping.dependencies.ts";

export const getMethod = action("shipping.methods.get", async ({ params, caller, fail }, { methods }) => {
  const method = await methods.byId(params.id, merchantFilter(caller, "shipping:manage"));
  if (!method) throw fail("not-found");
  return presentMethod(method);
});
