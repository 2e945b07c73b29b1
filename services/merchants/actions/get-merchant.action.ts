import type { Caller } from "../../../mixins/contract/caller.ts";
import { may } from "../../../mixins/contract/caller.ts";
import type { Merchant } from "../data/merchant-repository.ts";
import { action } from "../merchants.dependencies.ts";
import { presentMerchant } from "../present.ts";

export const getMerchant = action("merchants.get", async ({ params, caller, fail }, dependencies) => {
  const { merchants, locales, imagePresenter } = dependencies;
  const { idOrSlug, locale } = params;
  const merchant = await merchants.byIdOrSlug(idOrSlug);
  if (merchant && maySee(caller, merchant))
    return presentMerchant(locales.localized(merchant, locale), imagePresenter.in(locale));
  const renamed = merchant ? undefined : await merchants.byFormerSlug(idOrSlug);
  throw renamed && maySee(caller, renamed)
    ? fail("moved", undefined, { idOrSlug: renamed.slug })
    : fail("not-found");
});

/** Merchants that are not active are for staff and for their members. */
function maySee(caller: Caller, { id, status }: Merchant): boolean {
  const isMember = caller.kind === "user" && caller.merchants?.some(({ merchantId }) => merchantId === id);
  return status === "active" || isMember === true || may(caller, "merchants:write");
}
