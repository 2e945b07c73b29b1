import { merchantsOf, periodOf } from "../period.ts";
import { idOrNull, presentFigures } from "../present.ts";
import { action } from "../statistics.dependencies.ts";

export const listSalesByMerchant = action("statistics.sales.merchants", async (context, dependencies) => {
  const { calendar, figures, currency } = dependencies;
  const { params, caller, now } = context;
  const merchants = merchantsOf(caller, params.merchantId);
  const page = await figures.list("merchants", { ...periodOf(params, calendar, now), merchants }, params);
  return {
    ...page,
    items: page.items.map((row) => ({ merchantId: idOrNull(row.id), ...presentFigures(row, currency) })),
  };
});
