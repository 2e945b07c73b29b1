import type { Result } from "../../../mixins/contract/calls.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import type { Definitions } from "../data/definitions.ts";
import type { FacetCount } from "../data/facets/facet-counts.ts";
import type { ProductFilter } from "../data/product-filters.ts";
import type { AttributePresenter } from "../attributes/present-attributes.ts";

type Facet = NonNullable<Result<"catalog.products.list">["facets"]>[number];
type Repositories = Pick<
  CatalogDependencies,
  "facetCounts" | "brands" | "merchantCopies" | "categories" | "locales"
>;

interface Counting {
  readonly definitions: Definitions;
  readonly present: AttributePresenter;
  readonly locale: string | undefined;
}

/** Counts the products of a list by facets, with the labels of their values. */
export async function countFacets(
  filter: ProductFilter,
  facets: readonly string[],
  { definitions, present, locale }: Counting,
  { facetCounts, brands, merchantCopies, categories, locales }: Repositories,
): Promise<Facet[]> {
  const attributeOf = (facet: string) =>
    facet.startsWith("attr.") ? definitions.attributes.get(facet.slice("attr.".length)) : undefined;
  const isRange = (facet: string) =>
    facet === "price" || ["number", "date"].includes(attributeOf(facet)?.kind ?? "");

  const labelled = async (facet: string, { values }: FacetCount): Promise<Facet["values"]> => {
    if (facet === "brand") {
      const ids = values.map(({ value }) => value);
      const counted = await brands.ofIds(ids, { withTexts: locale !== undefined });
      const known = new Map(counted.map((one) => [one.id, locales.localized(one, locale)]));
      return values.flatMap(({ value, products }) => {
        const brand = known.get(value);
        return brand ? [{ value: brand.slug, label: brand.name, products }] : [];
      });
    }
    if (facet === "merchant") {
      const sellers = await merchantCopies.ofIds(values.map(({ value }) => value));
      const known = new Map(sellers.map((one) => [one.id, one]));
      return values.flatMap(({ value, products }) => {
        const merchant = known.get(value);
        return merchant ? [{ value: merchant.slug, label: merchant.name, products }] : [];
      });
    }
    if (facet === "category") {
      const children = await categories.ofPaths(values.map(({ value }) => value));
      const known = new Map(children.map((one) => [one.path, locales.localized(one, locale)]));
      return values.flatMap(({ value, products }) => {
        const category = known.get(value);
        return category ? [{ value: category.slug, label: category.name, products }] : [];
      });
    }
    const choices = new Map(
      attributeOf(facet)?.choices.map((choice) => [choice.code, present.label(choice)]),
    );
    return values.map(({ value, products }) => ({ value, label: choices.get(value) ?? value, products }));
  };

  const counts = await facetCounts.count(
    filter,
    facets.map((facet) => ({ facet, isRange: isRange(facet) })),
  );
  return Promise.all(
    facets.flatMap((facet) => {
      const attribute = attributeOf(facet);
      const count = counts.get(facet);
      if (!count) return [];
      const { range, isExact } = count;
      const presented = async (): Promise<Facet> => ({
        facet,
        name: attribute ? present.name(attribute) : null,
        unit: attribute?.unit ?? null,
        values: await labelled(facet, count),
        range: presentRange(range),
        isExact,
      });
      return [presented()];
    }),
  );
}

function presentRange({ lowest, highest }: FacetCount["range"]): Facet["range"] {
  return lowest === null || highest === null ? null : { lowest, highest };
}
