import { maxCount } from "../../../mixins/contract/paging.ts";
import type { SqlValue } from "../../../mixins/database/database.ts";
import type { SelectiveFilter } from "../../../mixins/database/query/selective-filter.ts";
import { strongTier, weakTier } from "../data/search/search-index.ts";
import type { KnownWord } from "../data/search/search-vocabulary.ts";

/** The products of these ids. */
export function amongIds(ids: readonly string[]): SelectiveFilter {
  return {
    from: "products o",
    id: "o.id",
    condition: "o.id IN (?)",
    values: [ids],
    predicate: "p.id IN (?)",
    predicateValues: [ids],
  };
}

/** Products that have the word, in their texts or by the name of what they belong to. */
export function havingWord({ terms, categories, brands, facets }: KnownWord): SelectiveFilter {
  const all = [...terms.keys()];
  const named = [
    { column: "category_id", ids: [...categories.keys()] },
    { column: "brand_id", ids: [...brands.keys()] },
  ].filter(({ ids }) => ids.length > 0);
  const limit = maxCount + 1;
  const ofTerms = `SELECT wd.product_id AS id FROM (SELECT doc FROM search_postings WHERE term IN (?) LIMIT ${limit}) found
    JOIN search_documents wd ON wd.id = found.doc`;
  const ofNames = named.map(
    ({ column }) => `SELECT id FROM (SELECT id FROM products WHERE ${column} IN (?) LIMIT ${limit}) found`,
  );
  const ofFacets = facets.map(
    () =>
      `SELECT id FROM (SELECT product_id AS id FROM product_facets WHERE facet = ? AND value = ? LIMIT ${limit}) found`,
  );
  const facetValues = facets.flatMap(({ facet, value }) => [facet, value]);
  const values: SqlValue[] = [all, ...named.map(({ ids }) => ids), ...facetValues];
  // Each lookup is by the whole key: with `IN`, MariaDB reads all postings of a term for each product.
  const lookups = all.flatMap(() =>
    [strongTier, weakTier].map(
      (tier) =>
        `EXISTS (SELECT 1 FROM search_postings sp WHERE sp.term = ? AND sp.tier = ${tier} AND sp.doc = sd.id)`,
    ),
  );
  const hasTerm = `(SELECT 1 FROM search_documents sd WHERE sd.product_id = p.id AND (${lookups.join(" OR ")}) LIMIT 1) = 1`;
  const hasFacet = facets.map(
    () =>
      "EXISTS (SELECT 1 FROM product_facets pf WHERE pf.product_id = p.id AND pf.facet = ? AND pf.value = ?)",
  );
  return {
    from: `(${[ofTerms, ...ofNames, ...ofFacets].join(" UNION ALL ")}) w`,
    id: "w.id",
    hasDuplicates: true,
    condition: "1 = 1",
    values,
    predicate: `COALESCE(${[hasTerm, ...named.map(({ column }) => `p.${column} IN (?)`), ...hasFacet].join(" OR ")}, 0)`,
    predicateValues: [...all.flatMap((term) => [term, term]), ...named.map(({ ids }) => ids), ...facetValues],
  };
}
