import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../merchants.dependencies.ts";
import { presentTerms } from "../present.ts";

export const getTerms = action("merchants.terms.get", async (context, { merchants, terms }) => {
  const { params, caller, fail } = context;
  const merchant = await merchants.byId(params.id, merchantFilter(caller, "settlements:read"));
  if (!merchant) throw fail("not-found");
  return presentTerms(merchant, await terms.of(merchant.id));
});
