import { action } from "../catalog.dependencies.ts";
import { presentVariant } from "../present.ts";

export const findVariant = action(
  "catalog.variants.find",
  async ({ params, fail }, { variants, currency }) => {
    const variant = await variants.bySku(params.sku);
    if (!variant) throw fail("not-found", `No variant with SKU ${params.sku}`);
    return presentVariant(variant, currency);
  },
);
