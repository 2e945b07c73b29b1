import type { Row } from "../../../mixins/database/types.ts";
import type { Product, Rating } from "../domain/product.ts";
import type { ProductStatus } from "../domain/product-lifecycle.ts";
import { nameKey } from "../../../mixins/contract/name-key.ts";
import { parsed, written } from "./json-column.ts";

/** Row of the table `products`, without its derived columns. Details that an earlier version left out are null. */
export type ProductRow = {
  id: string;
  slug: string;
  name: string;
  description: string;
  status: ProductStatus;
  category_id: string | null;
  merchant_id: string | null;
  type_id: string | null;
  brand_id: string | null;
  attributes: string | null;
  tags: string | null;
  seo: string | null;
  texts: string | null;
  images: string | null;
  favourites: number;
  /** In hundredths. */
  rating_average: number;
  rating_count: number;
  version: number;
  created_at: number;
  updated_at: number;
};

export const productColumns = [
  "id",
  "slug",
  "name",
  "description",
  "status",
  "category_id",
  "merchant_id",
  "type_id",
  "brand_id",
  "attributes",
  "tags",
  "seo",
  "texts",
  "images",
  "favourites",
  "rating_average",
  "rating_count",
  "version",
  "created_at",
  "updated_at",
] as const satisfies readonly (keyof ProductRow)[];

export function productFromRow(row: ProductRow): Product {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    status: row.status,
    categoryId: row.category_id,
    merchantId: row.merchant_id,
    typeId: row.type_id,
    brandId: row.brand_id,
    attributes: parsed(row.attributes, {}),
    tags: parsed(row.tags, []),
    seo: parsed(row.seo, {}),
    texts: parsed(row.texts, {}),
    images: parsed(row.images, []),
    favourites: row.favourites,
    rating: ratingOf(row),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function ratingOf(row: Pick<ProductRow, "rating_average" | "rating_count">): Rating {
  return { average: row.rating_count === 0 ? null : row.rating_average / 100, count: row.rating_count };
}

/** Columns that a change of a product writes. */
export function changedProductRow(product: Product): Row & { readonly slug: string } {
  return {
    slug: product.slug,
    name: product.name,
    name_key: nameKey(product.name),
    description: product.description,
    status: product.status,
    category_id: product.categoryId,
    merchant_id: product.merchantId,
    type_id: product.typeId,
    brand_id: product.brandId,
    attributes: written(product.attributes),
    tags: written(product.tags),
    seo: written(product.seo),
    texts: written(product.texts),
    version: product.version,
    updated_at: product.updatedAt,
  };
}

/** A new product's row; its derived columns follow with its variants. */
export function newProductRow(product: Product): Row & { readonly slug: string } {
  return {
    id: product.id,
    ...changedProductRow(product),
    price_from: 0,
    variant_count: 0,
    created_at: product.createdAt,
  };
}
