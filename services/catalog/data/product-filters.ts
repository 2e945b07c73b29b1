import type { Database, SqlValue } from "../../../mixins/database/database.ts";
import type { SelectiveFilter } from "../../../mixins/database/query/selective-filter.ts";
import type { PageRequest } from "../../../mixins/contract/paging.ts";
import type { Place } from "../domain/category-tree.ts";
import { pathRange } from "../domain/category-tree.ts";
import { mayBeSold } from "./merchant-copies.ts";
import { facetFilter } from "./facets/facet-filters.ts";
import type { FacetFilter } from "../domain/facet-query.ts";
import type { ProductStatus } from "../domain/product-lifecycle.ts";

export interface ProductFilter {
  readonly status: ProductStatus;
  /** Only products of these merchants; all when undefined. */
  readonly among?: readonly string[] | undefined;
  /** Whether to leave out products of merchants that may not sell at present. */
  readonly onlySold?: boolean | undefined;
  /** What a search found; all products for none. */
  readonly matching: readonly SelectiveFilter[];
  /** This category and its descendants. */
  readonly category: Place | undefined;
  /** Any of these categories of merchants. */
  readonly merchantCategories?: readonly string[] | undefined;
  readonly collectionId: string | undefined;
  readonly minPrice: number | undefined;
  readonly maxPrice: number | undefined;
  readonly inStock: boolean | undefined;
  /** All of them. */
  readonly facets: readonly FacetFilter[];
}

/** Conditions of products (alias `p`) that are no candidates, for `PagedList.where`. */
export function productConditions({
  status,
  onlySold,
  inStock,
}: ProductFilter): Record<string, SqlValue | undefined> {
  return {
    "p.status = ?": status,
    [mayBeSold]: onlySold ? "active" : undefined,
    "p.in_stock = ?": inStock === undefined ? undefined : Number(inStock),
  };
}

/**
 * Candidate filters of products (alias `p`): those of the search, the category, the facets, and the price and
 * the collection unless the list is sorted by them.
 */
export function selectiveFiltersOf(
  filter: ProductFilter,
  { straightJoin }: Database,
  { withPrices, withCollection = true }: { readonly withPrices: boolean; readonly withCollection?: boolean },
): SelectiveFilter[] {
  return [
    ...filter.matching,
    ...(filter.category ? [categoryFilter(filter.category, filter.status, straightJoin)] : []),
    ...(filter.among ? [merchantsFilter(filter.among, filter.status)] : []),
    ...(filter.merchantCategories ? [merchantCategoryFilter(filter.merchantCategories)] : []),
    ...filter.facets.map(facetFilter),
    ...(withCollection && filter.collectionId !== undefined ? [collectionFilter(filter.collectionId)] : []),
    ...(withPrices && hasPriceRange(filter) ? [priceFilter(filter)] : []),
  ];
}

/** In this category or one of its descendants. */
function categoryFilter(category: Place, status: string, join: string): SelectiveFilter {
  const { from, before } = pathRange(category);
  return {
    from: `categories c ${join} products b ON b.category_id = c.id`,
    id: "b.id",
    condition: "c.path >= ? AND c.path < ? AND b.status = ?",
    values: [from, before, status],
    predicate:
      "(SELECT 1 FROM categories d WHERE d.id = p.category_id AND d.path >= ? AND d.path < ? LIMIT 1) = 1",
    predicateValues: [from, before],
  };
}

/** Of one of these merchants. */
function merchantsFilter(among: readonly string[], status: string): SelectiveFilter {
  return {
    from: "products b",
    id: "b.id",
    condition: "b.merchant_id IN (?) AND b.status = ?",
    values: [among, status],
    predicate: "p.merchant_id IN (?)",
    predicateValues: [among],
  };
}

function merchantCategoryFilter(ids: readonly string[]): SelectiveFilter {
  return {
    from: "merchant_category_products n",
    id: "n.product_id",
    hasDuplicates: ids.length > 1,
    condition: "n.category_id IN (?)",
    values: [ids],
    predicate:
      "(SELECT 1 FROM merchant_category_products o WHERE o.product_id = p.id AND o.category_id IN (?) LIMIT 1) = 1",
    predicateValues: [ids],
  };
}

function collectionFilter(id: string): SelectiveFilter {
  return {
    from: "collection_products n",
    id: "n.product_id",
    condition: "n.collection_id = ?",
    values: [id],
    predicate:
      "(SELECT 1 FROM collection_products o WHERE o.product_id = p.id AND o.collection_id = ? LIMIT 1) = 1",
    predicateValues: [id],
  };
}

/** True for the order in which staff arranged a collection. */
export function isSortedByPosition({ sort }: PageRequest): boolean {
  return /(?:^|[,-])position\b/.test(sort);
}

export function isSortedByPrice({ sort }: PageRequest): boolean {
  return /^-?price\b/.test(sort);
}

export function hasPriceRange({ minPrice, maxPrice }: ProductFilter): boolean {
  return minPrice !== undefined || maxPrice !== undefined;
}

/** Price conditions as a range of the sort index. */
export function priceConditions(filter: ProductFilter): Record<string, SqlValue | undefined> {
  return {
    "p.variant_count > ?": hasPriceRange(filter) ? 0 : undefined,
    "p.price_from >= ?": filter.minPrice,
    "p.price_from <= ?": filter.maxPrice,
  };
}

export function priceFilter({
  status,
  minPrice = 0,
  maxPrice = Number.MAX_SAFE_INTEGER,
}: ProductFilter): SelectiveFilter {
  return {
    from: "products b",
    id: "b.id",
    condition: "b.status = ? AND b.price_from >= ? AND b.price_from <= ? AND b.variant_count > 0",
    values: [status, minPrice, maxPrice],
    // The `+ 0` keeps the database from using an index.
    predicate: "p.variant_count > 0 AND p.price_from + 0 >= ? AND p.price_from + 0 <= ?",
    predicateValues: [minPrice, maxPrice],
  };
}
