import type { Database, SqlValue } from "../../../../mixins/database/database.ts";
import type { SelectiveFilter } from "../../../../mixins/database/query/selective-filter.ts";
import { countMatches, matchingIds } from "../../../../mixins/database/query/selective-filter.ts";
import type { CountedProduct, Range, ValueCount } from "../../domain/count-values.ts";
import { countValues, mostCommon, passes, rangeOf } from "../../domain/count-values.ts";
import { selectWhereIn } from "../batch-statements.ts";
import { parsed } from "../json-column.ts";
import type { ProductFilter } from "../product-filters.ts";
import { hasPriceRange, priceFilter, productConditions, selectiveFiltersOf } from "../product-filters.ts";
import type { ProductRow } from "../product-row.ts";
import { facetFilter } from "./facet-filters.ts";

/** Products are counted one by one, some microseconds each. */
const maxCounted = 5000;

/** A facet to count: its values, or the lowest and highest of them. */
export interface Counted {
  /** As products have it, `category` or `price`. */
  readonly facet: string;
  readonly isRange: boolean;
}

export interface FacetCount {
  /** The most first; those of `category` are children of the filter's category, by path. */
  readonly values: readonly ValueCount[];
  readonly range: Range;
  /** False when there may be more products than were counted. */
  readonly isExact: boolean;
}

/** One of a list's filters. */
interface Condition {
  readonly filter: SelectiveFilter;
  /** What it is about, if shoppers choose it among the counts. */
  readonly facet?: string;
  /** Decides it for a product that was read. */
  readonly passes?: (product: CountedProduct) => boolean;
}

/** Products read by their most selective filter. */
interface Read {
  readonly products: readonly CountedProduct[];
  /** Whether that filter's index was read to its bound only. */
  readonly isCut: boolean;
}

/**
 * Counts the products of a list by what they have. What is chosen of a facet does not narrow its own counts,
 * so that they tell what else could be chosen. At most `maxCounted` products of a list's most selective filter
 * are read, once for all facets that it serves, however large the shop is; beyond that the counts are lower
 * bounds.
 */
export class FacetCounts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async count(filter: ProductFilter, counted: readonly Counted[]): Promise<ReadonlyMap<string, FacetCount>> {
    const conditions = conditionsOf(filter, this.#database);
    const sizes = await countMatches(
      this.#database,
      conditions.map((condition) => condition.filter),
      maxCounted + 1,
    );
    const without = (facet: string) => conditions.filter((condition) => condition.facet !== facet);
    const drivers = counted.map(({ facet }) => smallest(without(facet), conditions, sizes));
    const reads = new Map(
      await Promise.all(
        [...new Set(drivers)].map(async (driver): Promise<[Condition | undefined, Read]> => {
          const products = await this.#read(filter, conditions, driver, counted);
          const size = driver ? (sizes[conditions.indexOf(driver)] ?? 0) : 0;
          return [driver, { products, isCut: size > maxCounted }];
        }),
      ),
    );
    const counts = new Map<string, FacetCount>();
    for (const [index, { facet, isRange }] of counted.entries()) {
      const { products = [], isCut = false } = reads.get(drivers[index]) ?? {};
      const tests = without(facet).flatMap((condition) => condition.passes ?? []);
      const found = products.filter((product) => tests.every((test) => test(product)));
      counts.set(facet, {
        values: isRange ? [] : await this.#values(found, facet, filter),
        range: isRange ? rangeOf(found, facet) : { lowest: null, highest: null },
        isExact: !isCut && found.length <= maxCounted,
      });
    }
    return counts;
  }

  /** The products of a driving condition that pass those that only the database can decide. */
  async #read(
    filter: ProductFilter,
    conditions: readonly Condition[],
    driver: Condition | undefined,
    counted: readonly Counted[],
  ): Promise<CountedProduct[]> {
    const limit = maxCounted + 1;
    const own = Object.entries(productConditions(filter)).filter(([, value]) => value !== undefined);
    const others = conditions
      .filter((condition) => condition !== driver && !condition.passes)
      .map((condition) => condition.filter);
    const from = driver
      ? `(${matchingIds(driver.filter)} LIMIT ?) matching ${this.#database.straightJoin} products p ON p.id = matching.found_id`
      : "products p";
    // In the order of an index and of the ids, so that rows are read where they are stored.
    const order = driver ? "" : "ORDER BY p.created_at DESC, p.id DESC";
    const facets = [...counted, ...conditions].map(({ facet }) => facet);
    const rows = await this.#database.select<CountedRow>(
      `SELECT ${columnsOf(facets).join(", ")} FROM ${from}
       WHERE ${[...own.map(([sql]) => sql), ...others.map(({ predicate }) => predicate)].join(" AND ")} ${order} LIMIT ?`,
      [
        ...(driver ? [...driver.filter.values, limit] : []),
        ...own.map(([, value]) => value as SqlValue),
        ...others.flatMap(({ predicateValues }) => predicateValues),
        limit,
      ],
    );
    return rows.map(countedProduct);
  }

  async #values(
    products: readonly CountedProduct[],
    facet: string,
    filter: ProductFilter,
  ): Promise<ValueCount[]> {
    const counts = countValues(products, facet);
    return mostCommon(facet === "category" ? await this.#children(counts, filter) : counts);
  }

  /** Products by child of the filter's category, or by top-level category, with all below each. */
  async #children(byCategory: readonly ValueCount[], { category }: ProductFilter): Promise<ValueCount[]> {
    const products = new Map(byCategory.map((count) => [count.value, count.products]));
    const placed = await selectWhereIn<{ id: string; path: string }>(
      this.#database,
      "SELECT id, path FROM categories WHERE id IN (?)",
      [[...products.keys()]],
    );
    const counts = new Map<string, number>();
    for (const { id, path } of placed) {
      const child = childOn(path, category?.path ?? "");
      if (child !== undefined) counts.set(child, (counts.get(child) ?? 0) + (products.get(id) ?? 0));
    }
    return [...counts].map(([value, count]) => ({ value, products: count }));
  }
}

/** A list's filters by facet and price are decided for products that were read: their rows tell. */
function conditionsOf(filter: ProductFilter, database: Database): Condition[] {
  const others = selectiveFiltersOf({ ...filter, facets: [] }, database, { withPrices: false });
  const { minPrice = 0, maxPrice = Number.MAX_SAFE_INTEGER } = filter;
  const byPrice: Condition = {
    filter: priceFilter(filter),
    facet: "price",
    passes: ({ price }) => price !== null && price >= minPrice && price <= maxPrice,
  };
  return [
    ...others.map((other) => ({ filter: other })),
    ...filter.facets.map((chosen) => ({
      filter: facetFilter(chosen),
      facet: chosen.facet,
      passes: (product: CountedProduct) => passes(product, chosen),
    })),
    ...(hasPriceRange(filter) ? [byPrice] : []),
  ];
}

function smallest(
  some: readonly Condition[],
  all: readonly Condition[],
  sizes: readonly number[],
): Condition | undefined {
  const sizeOf = (condition: Condition) => sizes[all.indexOf(condition)] ?? 0;
  return some.toSorted((one, other) => sizeOf(one) - sizeOf(other))[0];
}

type CountedRow = Pick<ProductRow, "category_id"> & {
  readonly price_from: number;
  readonly variant_count: number;
} & Partial<Pick<ProductRow, "type_id" | "brand_id" | "merchant_id" | "tags" | "attributes">>;

/** Only what is counted or filtered by: texts take time to send and to parse. */
function columnsOf(facets: readonly (string | undefined)[]): string[] {
  const columns = facets.map((facet) => {
    if (facet === "type" || facet === "brand" || facet === "merchant") return `p.${facet}_id`;
    if (facet === "tag") return "p.tags";
    return facet?.startsWith("attr.") ? "p.attributes" : undefined;
  });
  const needed = columns.filter((column) => column !== undefined);
  return [...new Set(["p.price_from", "p.variant_count", "p.category_id", ...needed])];
}

function countedProduct(row: CountedRow): CountedProduct {
  return {
    price: row.variant_count > 0 ? row.price_from : null,
    categoryId: row.category_id,
    typeId: row.type_id ?? null,
    brandId: row.brand_id ?? null,
    merchantId: row.merchant_id ?? null,
    tags: parsed(row.tags ?? null, []),
    attributes: parsed(row.attributes ?? null, {}),
  };
}

/** The path of the category below `above` that `path` is in; undefined for `above` itself and others. */
function childOn(path: string, above: string): string | undefined {
  if (!path.startsWith(above) || path === above) return undefined;
  return path.slice(0, path.indexOf("/", above.length) + 1);
}
