import { visibleTo } from "../access.ts";
import { action } from "../after-sales.dependencies.ts";
import { presentAfterSale } from "../present.ts";

export const getRequest = action(
  "after-sales.requests.get",
  async ({ params, caller, fail }, { afterSales, imagePresenter }) => {
    const found = await afterSales.byId(params.id, visibleTo(caller));
    if (!found) throw fail("not-found");
    return presentAfterSale(found, imagePresenter);
  },
);
