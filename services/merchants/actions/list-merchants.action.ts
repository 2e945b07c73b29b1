import { may } from "../../../mixins/contract/caller.ts";
import { action } from "../merchants.dependencies.ts";
import { presentMerchant } from "../present.ts";

export const listMerchants = action("merchants.list", async ({ params, caller }, dependencies) => {
  const { merchants, locales, imagePresenter } = dependencies;
  const { status = "active", name, locale } = params;
  if (status !== "active" && !may(caller, "merchants:write")) return { items: [], nextCursor: null };
  const page = await merchants.list({ status, name }, params);
  const images = imagePresenter.in(locale);
  return {
    ...page,
    items: page.items.map((merchant) => presentMerchant(locales.localized(merchant, locale), images)),
  };
});
