import type { SqlValue } from "../../../../mixins/database/database.ts";
import type { SelectiveFilter } from "../../../../mixins/database/query/selective-filter.ts";
import type { FacetFilter } from "../../domain/facet-query.ts";

/** A filter of products (alias `p`) by one of their facets. */
export function facetFilter(filter: FacetFilter): SelectiveFilter {
  const [own, ofProduct] = ["f", "g"].map((alias) => conditionOf(filter, alias)) as [Condition, Condition];
  return {
    from: "product_facets f",
    id: "f.product_id",
    // A product can have several of the values, but has one number or day of an attribute.
    hasDuplicates: "values" in filter && filter.values.length > 1,
    condition: own.sql,
    values: own.values,
    predicate: `(SELECT 1 FROM product_facets g WHERE g.product_id = p.id AND ${ofProduct.sql} LIMIT 1) = 1`,
    predicateValues: ofProduct.values,
  };
}

interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

function conditionOf(filter: FacetFilter, alias: string): Condition {
  const { facet } = filter;
  if ("values" in filter)
    return { sql: `${alias}.facet = ? AND ${alias}.value IN (?)`, values: [facet, filter.values] };
  const { column, from, to } = filter;
  const ends = [
    ...(from === undefined ? [] : [{ sql: `${alias}.${column} >= ?`, value: from }]),
    ...(to === undefined ? [] : [{ sql: `${alias}.${column} <= ?`, value: to }]),
  ];
  return {
    sql: [`${alias}.facet = ?`, ...ends.map(({ sql }) => sql)].join(" AND "),
    values: [facet, ...ends.map(({ value }) => value)],
  };
}
