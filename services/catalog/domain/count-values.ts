import type { FacetFilter } from "./facet-query.ts";
import { valuesOfFacet } from "./facet-rows.ts";
import type { Product } from "./product.ts";

/** A product of a list, as far as it is counted. */
export interface CountedProduct extends Pick<
  Product,
  "typeId" | "brandId" | "merchantId" | "categoryId" | "tags" | "attributes"
> {
  /** The lowest of its variants, in minor units; null without variants. */
  readonly price: number | null;
}

export interface ValueCount {
  readonly value: string;
  readonly products: number;
}

/** Lowest and highest; null for none. */
export interface Range {
  readonly lowest: number | string | null;
  readonly highest: number | string | null;
}

/** Most values of a facet that are counted: those of the most products. */
export const maxCountedValues = 50;

/** @param facet as products have it, or `category` by id */
export function countValues(products: Iterable<CountedProduct>, facet: string): ValueCount[] {
  const counts = new Map<string, number>();
  for (const product of products)
    for (const value of valuesOf(product, facet)) {
      const text = String(value);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  return [...counts].map(([value, count]) => ({ value, products: count }));
}

/** @param facet of numbers or days, or `price` */
export function rangeOf(products: Iterable<CountedProduct>, facet: string): Range {
  let lowest: number | string | null = null;
  let highest: number | string | null = null;
  for (const product of products)
    for (const value of valuesOf(product, facet)) {
      if (lowest === null || value < lowest) lowest = value;
      if (highest === null || value > highest) highest = value;
    }
  return { lowest, highest };
}

/** Those of the most products; of as many, in the order of the values. */
export function mostCommon(counts: readonly ValueCount[]): ValueCount[] {
  return counts
    .toSorted((one, other) => other.products - one.products || (one.value < other.value ? -1 : 1))
    .slice(0, maxCountedValues);
}

/** Whether a product passes a filter by one of its facets, as the index of facets decides it. */
export function passes(product: CountedProduct, filter: FacetFilter): boolean {
  const values = valuesOfFacet(product, filter.facet);
  if ("values" in filter) return values.some((value) => filter.values.includes(String(value)));
  const { column, from, to } = filter;
  return values.some(
    (value) =>
      typeof value === (column === "number" ? "number" : "string") &&
      (from === undefined || value >= from) &&
      (to === undefined || value <= to),
  );
}

function valuesOf(product: CountedProduct, facet: string): readonly (string | number)[] {
  const { categoryId, price } = product;
  if (facet === "category") return categoryId === null ? [] : [categoryId];
  if (facet === "price") return price === null ? [] : [price];
  return valuesOfFacet(product, facet);
}
