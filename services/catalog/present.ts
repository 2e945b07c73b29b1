import type { EventPayload, Result } from "../../mixins/contract/calls.ts";
import type { ErrorData } from "../../mixins/contract/errors.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { ImagePresenter } from "../../mixins/media/present-image.ts";
import type { Brand } from "./data/brand-repository.ts";
import { textsSnapshot } from "../../mixins/contract/texts.ts";
import type { Category } from "./data/category-repository.ts";
import type { Collection } from "./data/collection-repository.ts";
import type { BrandedProduct, ProductSummary } from "./data/product-summary.ts";
import type { StockMovement } from "./data/stock-repository.ts";
import type { StockedVariant, Variant } from "./data/variant-repository.ts";
import type { Product } from "./domain/product.ts";

type PresentedCategory = Result<"catalog.categories.create">;
type PresentedProduct = Result<"catalog.products.get">;
type PresentedSummary = Result<"catalog.products.list">["items"][number];
type Snapshot = NonNullable<EventPayload<"catalog.changed">["after"]>;

export function presentCategory(category: Category, images: ImagePresenter): PresentedCategory {
  return {
    id: category.id,
    slug: category.slug,
    name: category.name,
    parentId: category.parentId,
    depth: category.depth,
    seo: category.seo,
    image: category.image && images.image(category.image),
    version: category.version,
    createdAt: toTimestamp(category.createdAt),
    updatedAt: toTimestamp(category.updatedAt),
  };
}

export function presentBrand(brand: Brand, images: ImagePresenter): Result<"catalog.brands.get"> {
  return {
    id: brand.id,
    slug: brand.slug,
    name: brand.name,
    description: brand.description,
    seo: brand.seo,
    image: brand.image && images.image(brand.image),
    version: brand.version,
    createdAt: toTimestamp(brand.createdAt),
    updatedAt: toTimestamp(brand.updatedAt),
  };
}

export function presentCollection(
  collection: Collection,
  images: ImagePresenter,
): Result<"catalog.collections.get"> {
  return {
    id: collection.id,
    slug: collection.slug,
    name: collection.name,
    description: collection.description,
    rule: collection.rule,
    seo: collection.seo,
    image: collection.image && images.image(collection.image),
    version: collection.version,
    createdAt: toTimestamp(collection.createdAt),
    updatedAt: toTimestamp(collection.updatedAt),
  };
}

export function presentSummary(
  product: ProductSummary,
  currency: string,
  images: ImagePresenter,
): PresentedSummary {
  return {
    id: product.id,
    slug: product.slug,
    name: product.name,
    status: product.status,
    categoryId: product.categoryId,
    merchantId: product.merchantId,
    merchant: product.merchant && { ...product.merchant },
    brand: brandReference(product.brand),
    tags: [...product.tags],
    priceFrom: product.priceFrom === null ? null : { amount: product.priceFrom, currency },
    cheapestVariantId: product.cheapestVariantId,
    variantCount: product.variantCount,
    inStock: product.inStock,
    image: product.image && images.summary(product.image),
    rating: { ...product.rating },
    version: product.version,
    createdAt: toTimestamp(product.createdAt),
    updatedAt: toTimestamp(product.updatedAt),
  };
}

export function presentProduct(
  product: BrandedProduct,
  variants: readonly StockedVariant[],
  attributes: PresentedProduct["attributes"],
  currency: string,
  images: ImagePresenter,
): PresentedProduct {
  const cheapest = cheapestOf(variants);
  const summary = {
    ...product,
    priceFrom: cheapest?.price ?? null,
    cheapestVariantId: cheapest?.id ?? null,
    variantCount: variants.length,
    inStock: variants.some((variant) => variant.available > 0),
    image: product.images[0] ?? null,
  };
  return {
    ...presentSummary(summary, currency, images),
    description: product.description,
    seo: product.seo,
    typeId: product.typeId,
    attributes,
    images: product.images.map((image) => images.image(image)),
    favourites: product.favourites,
    variants: variants.map((variant) => presentVariant(variant, currency)),
  };
}

function brandReference(brand: ProductSummary["brand"]): PresentedSummary["brand"] {
  return brand && { id: brand.id, slug: brand.slug, name: brand.name };
}

/** The first by price, then by id, as in lists. */
function cheapestOf(variants: readonly StockedVariant[]): StockedVariant | undefined {
  return variants.toSorted((one, other) => one.price - other.price || (one.id < other.id ? -1 : 1))[0];
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

/** Fields of a category that staff edit, for change events. */
export function categorySnapshot({ slug, name, parentId, seo, texts }: Category): Snapshot {
  return { slug, name, parentId, seo, ...textsSnapshot(texts) };
}

/** Fields of a brand that staff edit, for change events. */
export function brandSnapshot({ slug, name, description, seo, texts }: Brand): Snapshot {
  return { slug, name, description, seo, ...textsSnapshot(texts) };
}

/** Fields of a collection that staff edit, besides the products that they pick, for change events. */
export function collectionSnapshot({ slug, name, description, rule, seo, texts }: Collection): Snapshot {
  return { slug, name, description, rule, seo, ...textsSnapshot(texts) };
}

/** Fields of a product that staff edit, for change events. */
export function productSnapshot(product: Product): Snapshot {
  const { slug, name, description, status, categoryId, merchantId, brandId, tags, seo, typeId } = product;
  const edited = { slug, name, description, status, categoryId, merchantId, brandId, tags, seo, typeId };
  return { ...edited, attributes: product.attributes, ...textsSnapshot(product.texts) };
}

/**
 * What an event tells of a product's change, when it concerns the published products of merchants.
 *
 * @param before undefined for a new product, as `after` for a removed one
 */
export function publishedBy(
  before: Product | undefined,
  after: Product | undefined,
): Pick<EventPayload<"catalog.changed">, "publishedBy"> {
  const [was, is] = [before, after].map((one) => (one?.status === "published" ? one.merchantId : null));
  return was === is ? {} : { publishedBy: { before: was ?? null, after: is ?? null } };
}

/** Fields of a variant that staff edit, for change events. */
export function variantSnapshot({ productId, sku, options, price, weightGrams }: Variant): Snapshot {
  return { productId, sku, options, priceMinor: price, weightGrams };
}

/** Data of `already-exists`: the fields whose values are taken. */
export function takenFields(...paths: string[]): ErrorData {
  return { errors: paths.map((path) => ({ path, code: "already-exists", message: "is taken" })) };
}
