import type { Result, TypedCall } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { View } from "./data/history-repository.ts";

type Shown = Result<"browsing-history.create">;

/** Views with the products that are on sale, by one call. */
export async function presentViews(
  views: readonly View[],
  locale: string | undefined,
  call: TypedCall,
): Promise<Shown[]> {
  if (views.length === 0) return [];
  const ids = views.map(({ productId }) => productId);
  const found = await call("catalog.products.lookup", { ids, ...(locale ? { locale } : {}) });
  const products = new Map(found.map((product) => [product.id, product]));
  return views.map(({ id, productId, createdAt, updatedAt }) => ({
    id,
    productId,
    product: products.get(productId) ?? null,
    createdAt: toTimestamp(createdAt),
    updatedAt: toTimestamp(updatedAt),
  }));
}
