import type { Texts } from "../../mixins/contract/texts.ts";
import type { Locales } from "../../mixins/locales/locales.ts";
import type { BrandReference } from "./data/brand-repository.ts";
import type { BrandedProduct, ProductSummary } from "./data/product-summary.ts";
import type { Seo } from "./domain/product.ts";

/**
 * A row with its texts in a locale. Those for search engines exist in the default only: a row with a name of its
 * own in the locale goes without, so that its name and description take their place.
 */
export function inLocale<T extends { readonly name: string; readonly texts: Texts; readonly seo: Seo }>(
  row: T,
  locale: string | undefined,
  locales: Locales,
): T {
  const localized = locales.localized(row, locale);
  return localized.name === row.name ? localized : { ...localized, seo: {} };
}

/** A product with its texts and its brand's in a locale. */
export function productInLocale(
  product: BrandedProduct,
  locale: string | undefined,
  locales: Locales,
): BrandedProduct {
  return withBrand(inLocale(product, locale, locales), locale, locales);
}

/** The same for lists. */
export function summaryInLocale(
  product: ProductSummary,
  locale: string | undefined,
  locales: Locales,
): ProductSummary {
  return withBrand(locales.localized(product, locale), locale, locales);
}

function withBrand<T extends { readonly brand: BrandReference | null }>(
  product: T,
  locale: string | undefined,
  locales: Locales,
): T {
  const { brand } = product;
  if (brand === null || locale === undefined) return product;
  return { ...product, brand: locales.localized(brand, locale) };
}
