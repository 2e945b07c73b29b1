import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { presentZone } from "../present.ts";
import { action } from "../shipping.dependencies.ts";

export const getZone = action("shipping.zones.get", async ({ params, caller, fail }, { zones }) => {
  const zone = await zones.byId(params.id, merchantFilter(caller, "shipping:manage"));
  if (!zone) throw fail("not-found");
  return presentZone(zone);
});
