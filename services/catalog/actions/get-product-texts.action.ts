import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../catalog.dependencies.ts";

export const getProductTexts = action(
  "catalog.products.texts",
  async ({ params, caller, fail }, { products, locales }) => {
    const product = await products.byId(params.id, merchantFilter(caller, "catalog:write"));
    if (!product) throw fail("not-found");
    const { id, name, description, texts, version } = product;
    return { id, defaultLocale: locales.default, name, description, texts, version };
  },
);
