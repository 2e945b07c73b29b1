import { merchantsOf, periodOf } from "../period.ts";
import { idOrNull, presentFigures } from "../present.ts";
import { action } from "../statistics.dependencies.ts";

export const listSalesByCategory = action("statistics.sales.categories", async (context, dependencies) => {
  const { calendar, figures, currency } = dependencies;
  const { params, caller, now } = context;
  const merchants = merchantsOf(caller, params.merchantId);
  const page = await figures.list("categories", { ...periodOf(params, calendar, now), merchants }, params);
  return {
    ...page,
    items: page.items.map((row) => ({ categoryId: idOrNull(row.id), ...presentFigures(row, currency) })),
  };
});
