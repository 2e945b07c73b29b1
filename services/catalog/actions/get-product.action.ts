import { action } from "../catalog.dependencies.ts";
import { presentProduct } from "../present.ts";
import { maySee } from "../visibility.ts";

export const getProduct = action("catalog.products.get", async (context, { products, variants, currency }) => {
  const { params, caller, fail } = context;
  const product = await products.byIdOrSlug(params.idOrSlug);
  if (!product || !maySee(caller, product.status)) throw fail("not-found");
  return presentProduct(product, await variants.ofProduct(product.id), currency);
});
