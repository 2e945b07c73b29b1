import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { Texts } from "../../../mixins/contract/texts.ts";
import type { ProductStatus } from "./product-lifecycle.ts";

/** A product as edited by staff; variants and stock are separate. Times are milliseconds since the Unix epoch. */
export interface Product extends ProductDetails {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly status: ProductStatus;
  readonly categoryId: string | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a product may have beyond its name, description and category. */
export interface ProductDetails {
  /** Null for the shop's own products. */
  readonly merchantId: string | null;
  readonly typeId: string | null;
  readonly brandId: string | null;
  /** Values by attribute code, as the product's type declares them. */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly tags: readonly string[];
  readonly seo: Seo;
  /** Texts in other locales than the default one, by locale and field. */
  readonly texts: Texts;
  /** In order; only `setImages` writes them. */
  readonly images: readonly StoredImage[];
  /** Number of customers who have it in their favourites; only `FavouriteCounts` writes it. */
  readonly favourites: number;
  /** Of its reviews; only `RatingRepository` writes it. */
  readonly rating: Rating;
}

/** Stars of the published reviews of a product. */
export interface Rating {
  /** 1 to 5, to two decimals; null without reviews. */
  readonly average: number | null;
  readonly count: number;
}

/** Title and description for search engines; the shop's front end uses the name and description where absent. */
export type Seo = Readonly<{ title?: string | undefined; description?: string | undefined }>;

/** Several choices are an array. */
export type AttributeValue = string | number | boolean | readonly string[];

export const noDetails: ProductDetails = {
  merchantId: null,
  typeId: null,
  brandId: null,
  attributes: {},
  tags: [],
  seo: {},
  texts: {},
  images: [],
  favourites: 0,
  rating: { average: null, count: 0 },
};
