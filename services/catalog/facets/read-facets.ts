import type { Params } from "../../../mixins/contract/calls.ts";
import type { FieldError } from "../../../mixins/contract/errors.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { Definitions } from "../data/definitions.ts";
import { attributeFacet } from "../domain/facet-rows.ts";
import type { FacetFilter } from "../domain/facet-query.ts";
import { maxValues, readFilter, readValues } from "../domain/facet-query.ts";

/** What is named by slugs or ids. */
interface Named {
  idsOf(idsOrSlugs: readonly string[]): Promise<string[]>;
}

type FacetParams = Pick<Params<"catalog.products.list">, "brand" | "merchant" | "tag" | "attr" | "facets">;

/**
 * Reads what a list of products is filtered and counted by.
 *
 * @throws ShopError `validation-failed` for attributes that do not exist or are not filterable, and for values
 *   that an attribute cannot have
 */
export async function readFacets(
  { brand, merchant, tag, attr = {}, facets }: FacetParams,
  { attributes }: Definitions,
  named: { readonly brand: Named; readonly merchant: Named },
): Promise<{ readonly filters: FacetFilter[]; readonly counted: string[] }> {
  const filterable = (code: string) => {
    const attribute = attributes.get(code);
    return attribute?.filterable ? attribute : undefined;
  };
  const ofAttributes = Object.entries(attr).map(([code, text]): FacetFilter | FieldError => {
    const path = attributeFacet(code);
    const attribute = filterable(code);
    if (!attribute)
      return { path, code: "unknown-field", message: "is no attribute that products are filtered by" };
    const filter = readFilter(path, attribute.kind, text);
    return typeof filter === "string" ? { path, code: "invalid-value", message: filter } : filter;
  });
  const counted = [...new Set(facets?.split(","))];
  const uncounted = counted
    .filter((facet) => facet.startsWith("attr.") && !filterable(facet.slice("attr.".length)))
    .map((facet): FieldError => ({
      path: "facets",
      code: "invalid-value",
      message: `${facet} is no attribute that products are counted by`,
    }));
  const given = [
    ...(brand === undefined ? [] : [anyOf("brand", brand)]),
    ...(merchant === undefined ? [] : [anyOf("merchant", merchant)]),
    ...(tag === undefined ? [] : [anyOf("tag", tag.normalize("NFKC").toLowerCase())]),
  ];
  const all = [...ofAttributes, ...given];
  const errors = [...all.filter((one) => "path" in one), ...uncounted];
  if (errors.length > 0) throw new ShopError("validation-failed", undefined, { errors });
  const filters = all.filter((one) => "facet" in one);
  return { filters: await Promise.all(filters.map(async (filter) => byId(filter, named))), counted };
}

function anyOf(facet: "brand" | "merchant" | "tag", text: string): FacetFilter | FieldError {
  const values = readValues(text);
  if (values.length > 0 && values.length <= maxValues) return { facet, values };
  return { path: facet, code: "invalid-value", message: `must have 1 to ${maxValues} values` };
}

/** Brands and merchants are named by slug or id; facets have their ids. */
async function byId(filter: FacetFilter, named: Readonly<Record<string, Named>>): Promise<FacetFilter> {
  const repository = named[filter.facet];
  if (!repository || !("values" in filter)) return filter;
  return { ...filter, values: await repository.idsOf(filter.values) };
}
