import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { Texts } from "../../../mixins/contract/texts.ts";
import type { Product, Rating } from "../domain/product.ts";
import type { ProductStatus } from "../domain/product-lifecycle.ts";
import type { BrandReference } from "./brand-repository.ts";
import { parsed } from "./json-column.ts";
import type { MerchantReference, SellerColumns } from "./merchant-copies.ts";
import { isWithheld, joinSeller, sellerColumns, sellerOf } from "./merchant-copies.ts";
import type { ProductRow } from "./product-row.ts";
import { ratingOf } from "./product-row.ts";

/** A product in lists. Times are milliseconds since the Unix epoch; prices are minor units. */
export interface ProductSummary {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: ProductStatus;
  readonly categoryId: string | null;
  readonly merchantId: string | null;
  readonly merchant: MerchantReference | null;
  /** Its merchant may not sell at present. */
  readonly isWithheld: boolean;
  readonly brand: BrandReference | null;
  readonly tags: readonly string[];
  /** Lowest price of its variants; null while it has none. */
  readonly priceFrom: number | null;
  readonly cheapestVariantId: string | null;
  readonly variantCount: number;
  readonly inStock: boolean;
  /** The first one. */
  readonly image: StoredImage | null;
  readonly rating: Rating;
  /** Empty where a list was read without them. */
  readonly texts: Texts;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A product with what it shows of its brand and its merchant. */
export interface BrandedProduct extends Product {
  readonly brand: BrandReference | null;
  readonly merchant: MerchantReference | null;
  /** Its merchant may not sell at present. */
  readonly isWithheld: boolean;
}

export type BrandColumns = {
  brand_id: string | null;
  brand_slug: string | null;
  brand_name: string | null;
  brand_texts?: string | null;
};

export type SummaryRow = Pick<
  ProductRow,
  | "id"
  | "slug"
  | "name"
  | "status"
  | "category_id"
  | "merchant_id"
  | "tags"
  | "rating_average"
  | "rating_count"
  | "version"
  | "created_at"
  | "updated_at"
> &
  BrandColumns &
  SellerColumns & {
    name_key: string;
    price_from: number;
    cheapest_variant_id: string | null;
    variant_count: number;
    in_stock: number;
    image: string | null;
    texts?: string | null;
  };

export const brandColumns = "brand.slug AS brand_slug, brand.name AS brand_name";
export const textColumns = "p.texts, brand.texts AS brand_texts";
export const joinShown = `LEFT JOIN brands brand ON brand.id = p.brand_id ${joinSeller}`;

export const summaryColumns = `p.id, p.slug, p.name, p.name_key, p.status, p.category_id, p.merchant_id, p.brand_id, p.tags,
  p.price_from, ${brandColumns}, ${sellerColumns}, p.cheapest_variant_id, p.variant_count, p.version, p.created_at,
  p.updated_at, p.in_stock, p.image, p.rating_average, p.rating_count`;

export function brandOf(row: BrandColumns): BrandReference | null {
  const { brand_id: id, brand_slug: slug, brand_name: name, brand_texts: texts = null } = row;
  return id === null || slug === null || name === null ? null : { id, slug, name, texts: parsed(texts, {}) };
}

export function fromSummaryRow(row: SummaryRow): ProductSummary {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    status: row.status,
    categoryId: row.category_id,
    merchantId: row.merchant_id,
    merchant: sellerOf(row),
    isWithheld: isWithheld(row),
    brand: brandOf(row),
    tags: parsed(row.tags, []),
    priceFrom: row.variant_count === 0 ? null : row.price_from,
    cheapestVariantId: row.cheapest_variant_id,
    variantCount: row.variant_count,
    inStock: row.in_stock > 0,
    image: parsed(row.image, null),
    rating: ratingOf(row),
    texts: parsed(row.texts ?? null, {}),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
