import { merchantsOf, periodOf } from "../period.ts";
import { presentFigures } from "../present.ts";
import { action } from "../statistics.dependencies.ts";

export const listSalesByDay = action("statistics.sales.days", async (context, dependencies) => {
  const { calendar, figures, currency } = dependencies;
  const { params, caller, now } = context;
  const merchants = merchantsOf(caller, params.merchantId);
  const page = await figures.list("days", { ...periodOf(params, calendar, now), merchants }, params);
  return { ...page, items: page.items.map((row) => ({ day: row.id, ...presentFigures(row, currency) })) };
});
