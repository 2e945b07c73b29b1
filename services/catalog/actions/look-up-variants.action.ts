import { action } from "../catalog.dependencies.ts";
import { scopesOf } from "../scopes-of.ts";

export const lookUpVariants = action(
  "catalog.variants.lookup",
  async ({ params }, { variants, ancestry, locales, currency }) => {
    const found = await variants.withProducts(params.ids, { withTexts: params.locale !== undefined });
    const localized = found.map((variant) => locales.localized(variant, params.locale));
    const scopeOf = await scopesOf(params.withScopes ? localized : [], ancestry);
    return localized.map((variant) => ({
      variantId: variant.id,
      productId: variant.productId,
      productSlug: variant.productSlug,
      merchantId: variant.merchantId,
      ...(params.withScopes ? scopeOf(variant) : {}),
      name: variant.name,
      sku: variant.sku,
      options: { ...variant.options },
      price: { amount: variant.price, currency },
      onSale: variant.isOnSale,
      available: variant.available,
      weightGrams: variant.weightGrams,
    }));
  },
);
