import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { action } from "../reviews.dependencies.ts";

export const listPurchases = action(
  "reviews.purchases.list",
  async ({ params, caller, call }, { purchases }) => {
    const page = await purchases.listReceived(caller.userId, params);
    const ids = [...new Set(page.items.map(({ variantId }) => variantId))];
    const found = ids.length === 0 ? [] : await call("catalog.variants.lookup", { ids });
    const variants = new Map(found.map((variant) => [variant.variantId, variant]));
    return {
      ...page,
      items: page.items.map(({ receivedAt, ...purchase }) => {
        const variant = variants.get(purchase.variantId);
        const product = variant && {
          slug: variant.productSlug,
          name: variant.name,
          options: variant.options,
        };
        return { ...purchase, receivedAt: toTimestamp(receivedAt), product: product ?? null };
      }),
    };
  },
);
