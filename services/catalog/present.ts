import type { EventPayload, Result } from "../contract/calls.ts";
import type { ErrorData } from "../contract/errors.ts";
import { toTimestamp } from "../contract/fields.ts";
import type { Category } from "./data/category-repository.ts";
import type { Product, ProductSummary } from "./data/product-repository.ts";
import type { StockMovement } from "./data/stock-repository.ts";
import type { StockedVariant, Variant } from "./data/variant-repository.ts";

type PresentedCategory = Result<"catalog.categories.create">;
type PresentedSummary = Result<"catalog.products.list">["items"][number];
type Snapshot = NonNullable<EventPayload<"catalog.changed">["after"]>;

export function presentCategory(category: Category): PresentedCategory {
  return {
    id: category.id,
    slug: category.slug,
    name: category.name,
    parentId: category.parentId,
    depth: category.depth,
    version: category.version,
    createdAt: toTimestamp(category.createdAt),
    updatedAt: toTimestamp(category.updatedAt),
  };
}

export function presentSummary(product: ProductSummary, currency: string): PresentedSummary {
  return {
    id: product.id,
    slug: product.slug,
    name: product.name,
    status: product.status,
    categoryId: product.categoryId,
    priceFrom: product.priceFrom === null ? null : { amount: product.priceFrom, currency },
    inStock: product.inStock,
    version: product.version,
    createdAt: toTimestamp(product.createdAt),
    updatedAt: toTimestamp(product.updatedAt),
  };
}

export function presentProduct(
  product: Product,
  variants: readonly StockedVariant[],
  currency: string,
): Result<"catalog.products.get"> {
  const priceFrom = variants.length === 0 ? null : Math.min(...variants.map((variant) => variant.price));
  const inStock = variants.some((variant) => variant.available > 0);
  return {
    ...presentSummary({ ...product, priceFrom, inStock }, currency),
    description: product.description,
    variants: variants.map((variant) => presentVariant(variant, currency)),
  };
}

export function presentVariant(variant: StockedVariant, currency: string): Result<"catalog.variants.get"> {
  return {
    id: variant.id,
    productId: variant.productId,
    sku: variant.sku,
    options: { ...variant.options },
    price: { amount: variant.price, currency },
    weightGrams: variant.weightGrams,
    available: variant.available,
    version: variant.version,
    createdAt: toTimestamp(variant.createdAt),
    updatedAt: toTimestamp(variant.updatedAt),
  };
}

export function presentMovement(movement: StockMovement): Result<"catalog.stock.movements">["items"][number] {
  const { at, ...same } = movement;
  return { ...same, at: toTimestamp(at) };
}

/** What staff wrote of a category, for the record of changes. */
export function categorySnapshot({ slug, name, parentId }: Category): Snapshot {
  return { slug, name, parentId };
}

/** What staff wrote of a product, for the record of changes. */
export function productSnapshot({ slug, name, description, status, categoryId }: Product): Snapshot {
  return { slug, name, description, status, categoryId };
}

/** What staff wrote of a variant, for the record of changes. */
export function variantSnapshot({ productId, sku, options, price, weightGrams }: Variant): Snapshot {
  return { productId, sku, options, priceMinor: price, weightGrams };
}

/** Data of an `already-exists`: the fields whose values are taken. */
export function takenFields(...paths: string[]): ErrorData {
  return { errors: paths.map((path) => ({ path, code: "already-exists", message: "is taken" })) };
}
