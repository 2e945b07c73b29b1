import { action } from "../catalog.dependencies.ts";
import { presentVariant } from "../present.ts";
import { maySee } from "../visibility.ts";

export const listVariants = action(
  "catalog.variants.list",
  async (context, { products, variants, currency }) => {
    const { params, caller, fail } = context;
    const { productId, ...request } = params;
    const product = await products.byIdOrSlug(productId);
    if (!product || !maySee(caller, product)) throw fail("not-found");
    const page = await variants.list(product.id, request);
    return { ...page, items: page.items.map((variant) => presentVariant(variant, currency)) };
  },
);
