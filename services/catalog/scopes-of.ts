import type { CategoryAncestry } from "./data/category-ancestry.ts";
import type { VariantOnSale } from "./data/variant-repository.ts";

type Categorised = Pick<VariantOnSale, "categoryId" | "brandId">;

/** By what commissions and coupons tell goods apart. Absent where the product has none. */
export interface GoodsScope {
  readonly brandId?: string;
  /** The category and those above it, from the innermost out. */
  readonly categoryIds?: string[];
}

/** Reads the brands and categories of variants. */
export async function scopesOf(
  variants: readonly Categorised[],
  ancestry: CategoryAncestry,
): Promise<(variant: Categorised) => GoodsScope> {
  const categories = await ancestry.of(variants.flatMap(({ categoryId }) => categoryId ?? []));
  return ({ categoryId, brandId }) => ({
    ...(brandId !== null && { brandId }),
    ...(categoryId !== null && { categoryIds: [...(categories.get(categoryId) ?? [])] }),
  });
}
