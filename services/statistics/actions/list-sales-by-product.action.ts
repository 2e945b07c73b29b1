import { merchantsOf, periodOf } from "../period.ts";
import { presentFigures } from "../present.ts";
import { action } from "../statistics.dependencies.ts";

export const listSalesByProduct = action("statistics.sales.products", async (context, dependencies) => {
  const { calendar, figures, products, currency } = dependencies;
  const { params, caller, now } = context;
  const merchants = merchantsOf(caller, params.merchantId);
  const page = await figures.list("products", { ...periodOf(params, calendar, now), merchants }, params);
  const names = await products.namesOf(page.items.map(({ id }) => id));
  return {
    ...page,
    items: page.items.map((row) => ({
      productId: row.id,
      name: names.get(row.id) || null,
      ...presentFigures(row, currency),
    })),
  };
});
