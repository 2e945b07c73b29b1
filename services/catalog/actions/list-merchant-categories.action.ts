import { action } from "../catalog.dependencies.ts";
import { inTreeOrder } from "../domain/merchant-tree.ts";
import { presentMerchantCategory } from "../present-merchant-category.ts";

export const listMerchantCategories = action(
  "catalog.merchant-categories.list",
  async ({ params }, { merchantCategories, locales }) => {
    const all = inTreeOrder(await merchantCategories.of(params.merchantId));
    return {
      items: all.map(({ depth, ...category }) => ({
        ...presentMerchantCategory(locales.localized(category, params.locale)),
        depth,
      })),
    };
  },
);
