import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../merchants.dependencies.ts";
import { presentInvitation } from "../present.ts";

export const listInvitations = action("merchants.invitations.list", async (context, dependencies) => {
  const { params, caller, now, fail } = context;
  const { merchants, invitations } = dependencies;
  const merchant = await merchants.byId(params.id, merchantFilter(caller, "merchants:write"));
  if (!merchant) throw fail("not-found");
  const page = await invitations.ofMerchant(merchant.id, now, params);
  return { ...page, items: page.items.map(presentInvitation) };
});
