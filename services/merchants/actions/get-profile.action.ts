import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../merchants.dependencies.ts";
import { presentProfile } from "../present.ts";

export const getProfile = action(
  "merchants.profile",
  async ({ params, caller, fail }, { merchants, imagePresenter }) => {
    const merchant = await merchants.byId(params.id, merchantFilter(caller, "merchants:write"));
    if (!merchant) throw fail("not-found");
    return presentProfile(merchant, imagePresenter);
  },
);
