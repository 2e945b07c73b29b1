import type { Database, SqlValue } from "../../../mixins/database/database.ts";
import type { Narrowing } from "../../../mixins/database/narrowing.ts";
import type { PageRequest } from "../../contract/paging.ts";
import type { Place } from "../domain/category-tree.ts";
import { pathRange } from "../domain/category-tree.ts";
import { termRanges } from "../domain/search-terms.ts";
import type { ProductFilter } from "./product-repository.ts";

/** Whether a search contains no word. An empty one is none. */
export function saysNothing(search: string): boolean {
  return search.trim() !== "" && termRanges(search).length === 0;
}

/** What products, called `p` in the list, are searched by: each word, the category, and the price where they are not sorted by it. */
export function narrowingsOf(filter: ProductFilter, { joinInOrder }: Database, { withPrices }: { readonly withPrices: boolean }): Narrowing[] {
  return [
    ...termRanges(filter.search).map(({ from, before }) => withWord(from, before)),
    ...(filter.category ? [inBranch(filter.category, filter.status, joinInOrder)] : []),
    ...(withPrices && isPriced(filter) ? [withPrice(filter)] : []),
  ];
}

function withWord(from: string, before: string): Narrowing {
  return {
    from: "product_terms w",
    id: "w.product_id",
    repeats: true,
    condition: "w.term >= ? AND w.term < ?",
    values: [from, before],
    probe: "(SELECT 1 FROM product_terms t WHERE t.product_id = p.id AND t.term >= ? AND t.term < ? LIMIT 1) = 1",
    probeValues: [from, before],
  };
}

/** In this category or one below it. */
function inBranch(category: Place, status: string, join: string): Narrowing {
  const { from, before } = pathRange(category);
  return {
    from: `categories c ${join} products b ON b.category_id = c.id`,
    id: "b.id",
    condition: "c.path >= ? AND c.path < ? AND b.status = ?",
    values: [from, before, status],
    probe: "(SELECT 1 FROM categories d WHERE d.id = p.category_id AND d.path >= ? AND d.path < ? LIMIT 1) = 1",
    probeValues: [from, before],
  };
}

export function sortedByPrice({ sort }: PageRequest): boolean {
  return /^-?price\b/.test(sort);
}

function isPriced({ minPrice, maxPrice }: ProductFilter): boolean {
  return minPrice !== undefined || maxPrice !== undefined;
}

/** The price as a range of the index by which products are sorted. */
export function priceConditions(filter: ProductFilter): Record<string, SqlValue | undefined> {
  return {
    "p.variant_count > ?": isPriced(filter) ? 0 : undefined,
    "p.price_from >= ?": filter.minPrice,
    "p.price_from <= ?": filter.maxPrice,
  };
}

function withPrice({ status, minPrice = 0, maxPrice = Number.MAX_SAFE_INTEGER }: ProductFilter): Narrowing {
  return {
    from: "products b",
    id: "b.id",
    condition: "b.status = ? AND b.price_from >= ? AND b.price_from <= ? AND b.variant_count > 0",
    values: [status, minPrice, maxPrice],
    // A sum has no index.
    probe: "p.variant_count > 0 AND p.price_from + 0 >= ? AND p.price_from + 0 <= ?",
    probeValues: [minPrice, maxPrice],
  };
}
