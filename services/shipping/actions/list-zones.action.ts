import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { presentZone } from "../present.ts";
import { action } from "../shipping.dependencies.ts";

export const listZones = action("shipping.zones.list", async ({ params, caller }, { zones }) => {
  const { merchantId, ...request } = params;
  const page = await zones.list(merchantFilter(caller, "shipping:manage", merchantId), request);
  return { ...page, items: page.items.map(presentZone) };
});
