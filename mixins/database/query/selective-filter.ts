import type { Database, SqlValue } from "../database.ts";

/**
 * An indexed condition of a list, such as a search word, a category or a price range. Its selectivity decides
 * how `readKeysetPage` reads the list.
 */
export interface SelectiveFilter {
  /** FROM clause that yields the matches; its aliases differ from the list's. */
  readonly from: string;
  /** The list's id within `from`. */
  readonly id: string;
  /** Whether `from` can yield a row more than once. */
  readonly hasDuplicates?: boolean;
  readonly condition: string;
  readonly values: readonly SqlValue[];
  /** The same condition for a single row of the list, written so that no index of the list serves it. */
  readonly predicate: string;
  readonly predicateValues: readonly SqlValue[];
}

/** Selects the distinct ids of the matches as `found_id`. */
export function matchingIds({ from, id, condition, hasDuplicates = false }: SelectiveFilter): string {
  // An unneeded DISTINCT could make the planner scan the id index.
  return `SELECT ${hasDuplicates ? "DISTINCT " : ""}${id} AS found_id FROM ${from} WHERE ${condition}`;
}

/** Intersections are evaluated within one filter's matches, so their threshold is lower by this factor. */
const intersectionDivisor = 4;
/** Filters are told apart up to so many thresholds, to evaluate an intersection within the smallest one. */
const comparedThresholds = 10;

/**
 * Picks the filter (or intersection) to drive the query by, if it matches fewer rows than the threshold. Each
 * count stops there.
 */
export async function mostSelective(
  database: Database,
  filters: readonly SelectiveFilter[],
  list: { readonly from: string; readonly idColumn: string },
  selectiveBelow: number,
): Promise<SelectiveFilter | undefined> {
  const least = await fewestMatches(database, filters, selectiveBelow);
  if (!least) return undefined;
  if (least.count < selectiveBelow) return least.filter;
  if (filters.length === 1) return undefined;
  const first = await fewestMatches(database, filters, comparedThresholds * selectiveBelow);
  if (!first) return undefined;
  const others = filters.filter((filter) => filter !== first.filter);
  const all = intersect(first.filter, others, list, database.straightJoin);
  const enough = Math.ceil(selectiveBelow / intersectionDivisor);
  const [ofAll = enough] = await countMatches(database, [all], enough);
  return ofAll < enough ? all : undefined;
}

/**
 * The most selective filter and its number of matches, counted up to `limit`. @returns undefined without
 * filters
 */
export async function fewestMatches(
  database: Database,
  filters: readonly SelectiveFilter[],
  limit: number,
): Promise<{ readonly filter: SelectiveFilter; readonly count: number } | undefined> {
  if (filters.length === 0) return undefined;
  const counts = await countMatches(database, filters, limit);
  const least = Math.min(...counts);
  const filter = filters[counts.indexOf(least)];
  return filter && { filter, count: least };
}

/** The matches of each filter, counted up to `limit`. */
export async function countMatches(
  database: Database,
  filters: readonly SelectiveFilter[],
  limit: number,
): Promise<number[]> {
  if (filters.length === 0) return [];
  const counted = filters.map(
    ({ from, condition }, index) =>
      `(SELECT COUNT(*) FROM (SELECT 1 FROM ${from} WHERE ${condition} LIMIT ?) counted) AS n${index}`,
  );
  const values = filters.flatMap(({ values: its }) => [...its, limit]);
  const [row = {}] = await database.select<Record<string, number>>(`SELECT ${counted.join(", ")}`, values);
  return filters.map((_, index) => row[`n${index}`] ?? limit);
}

function intersect(
  first: SelectiveFilter,
  others: readonly SelectiveFilter[],
  list: { readonly from: string; readonly idColumn: string },
  join: string,
): SelectiveFilter {
  const predicates = others.map(({ predicate }) => predicate);
  return {
    from: `${first.from} ${join} ${list.from} ON ${list.idColumn} = ${first.id}`,
    id: first.id,
    hasDuplicates: first.hasDuplicates ?? false,
    condition: [first.condition, ...predicates].join(" AND "),
    values: [...first.values, ...others.flatMap(({ predicateValues }) => predicateValues)],
    predicate: [first.predicate, ...predicates].join(" AND "),
    predicateValues: [first, ...others].flatMap(({ predicateValues }) => predicateValues),
  };
}
