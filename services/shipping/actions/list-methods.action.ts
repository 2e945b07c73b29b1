import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { presentMethod } from "../present.ts";
import { action } from "../shipping.dependencies.ts";

export const listMethods = action("shipping.methods.list", async ({ params, caller }, { methods }) => {
  const { merchantId, zoneId, ...request } = params;
  const among = merchantFilter(caller, "shipping:manage", merchantId);
  const page = await methods.list({ among, zoneId }, request);
  return { ...page, items: page.items.map(presentMethod) };
});
