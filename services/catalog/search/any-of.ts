import type { SelectiveFilter } from "../../../mixins/database/query/selective-filter.ts";
import { matchingIds } from "../../../mixins/database/query/selective-filter.ts";

/**
 * The products that pass all filters of at least one list, as a single filter.
 *
 * @param lists of filters of products (alias `p`), the rarest one of each list first, since its matches are read
 */
export function anyOf(lists: readonly (readonly SelectiveFilter[])[]): SelectiveFilter {
  const sources = lists.flatMap(([first, ...others]) => (first ? [{ first, others }] : []));
  const from = sources.map(({ first, others }) =>
    others.length === 0
      ? matchingIds(first)
      : `SELECT p.id AS found_id FROM (${matchingIds(first)}) rarest JOIN products p ON p.id = rarest.found_id
         WHERE ${others.map(({ predicate }) => `(${predicate})`).join(" AND ")}`,
  );
  const predicates = lists.map((list) => list.map(({ predicate }) => `(${predicate})`).join(" AND "));
  return {
    from: `(${from.map((sql) => `SELECT found_id FROM (${sql}) way`).join(" UNION ALL ")}) ways`,
    id: "ways.found_id",
    hasDuplicates: true,
    condition: "1 = 1",
    values: sources.flatMap(({ first, others }) => [
      ...first.values,
      ...others.flatMap(({ predicateValues }) => predicateValues),
    ]),
    predicate: `(${predicates.map((sql) => `(${sql})`).join(" OR ")})`,
    predicateValues: lists.flat().flatMap(({ predicateValues }) => predicateValues),
  };
}
