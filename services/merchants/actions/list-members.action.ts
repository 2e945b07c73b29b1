import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../merchants.dependencies.ts";
import { presentMember } from "../present.ts";

export const listMembers = action("merchants.members.list", async (context, { merchants, members }) => {
  const { params, caller, fail } = context;
  const merchant = await merchants.byId(params.id, merchantFilter(caller, "merchants:write"));
  if (!merchant) throw fail("not-found");
  const page = await members.list(merchant.id, params);
  return { ...page, items: page.items.map(presentMember) };
});
