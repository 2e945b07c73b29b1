import { action } from "../catalog.dependencies.ts";

export const lookUpVariants = action("catalog.variants.lookup", async ({ params }, { variants, currency }) => {
  const found = await variants.withProducts(params.ids);
  return found.map((variant) => ({
    variantId: variant.id,
    productId: variant.productId,
    productSlug: variant.productSlug,
    name: variant.productName,
    sku: variant.sku,
    options: { ...variant.options },
    price: { amount: variant.price, currency },
    onSale: variant.published,
    available: variant.available,
  }));
});
