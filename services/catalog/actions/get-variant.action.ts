import { action } from "../catalog.dependencies.ts";
import { presentVariant } from "../present.ts";
import { maySee } from "../visibility.ts";

export const getVariant = action(
  "catalog.variants.get",
  async (context, { products, variants, currency }) => {
    const { params, caller, fail } = context;
    const variant = await variants.byId(params.id);
    const product = variant && (await products.byIdOrSlug(variant.productId));
    if (!product || !maySee(caller, product)) throw fail("not-found");
    return presentVariant(variant, currency);
  },
);
