import type { Result, TypedCall } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { Favourite } from "./data/favourite-repository.ts";

type Shown = Result<"favourites.get">;
type Product = NonNullable<Shown["product"]>;

/** Products on sale by id, by one call. */
export async function productsOnSale(
  ids: readonly string[],
  locale: string | undefined,
  call: TypedCall,
): Promise<ReadonlyMap<string, Product>> {
  if (ids.length === 0) return new Map();
  const found = await call("catalog.products.lookup", { ids: [...ids], ...(locale ? { locale } : {}) });
  return new Map(found.map((product) => [product.id, product]));
}

export function presentFavourite(
  favourite: Favourite,
  products: ReadonlyMap<string, Product>,
  currency: string,
): Shown {
  const { id, productId, note, priceMinor, version, createdAt, updatedAt } = favourite;
  const product = products.get(productId) ?? null;
  const fall = priceMinor !== null && product?.priceFrom ? priceMinor - product.priceFrom.amount : 0;
  return {
    id,
    productId,
    note,
    priceWhenAdded: priceMinor === null ? null : { amount: priceMinor, currency },
    priceFellBy: fall > 0 ? { amount: fall, currency } : null,
    product,
    version,
    createdAt: toTimestamp(createdAt),
    updatedAt: toTimestamp(updatedAt),
  };
}
