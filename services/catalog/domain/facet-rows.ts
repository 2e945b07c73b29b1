import type { Product } from "./product.ts";

/** Something that a product is found and counted by. */
export interface FacetRow {
  /** `attr.colour`, `brand`, `merchant`, `tag` or `type`. */
  readonly facet: string;
  /** A choice's code, a day, `true`, the start of a text, a number as text, or an id. */
  readonly value: string;
  /** Numbers only. */
  readonly number: number | null;
}

const ofAttribute = "attr.";
/** Longer texts are found by their beginning. */
const maxValueLength = 100;

type Faceted = Pick<Product, "typeId" | "brandId" | "merchantId" | "tags" | "attributes">;

/** The facets of a product. They depend on nothing else, so a change of a type or an attribute leaves them valid. */
export function facetRowsOf(product: Faceted): FacetRow[] {
  const facets = ["type", "brand", "merchant", "tag", ...Object.keys(product.attributes).map(attributeFacet)];
  return facets.flatMap((facet) =>
    valuesOfFacet(product, facet).map((value) =>
      typeof value === "number"
        ? { facet, value: String(value), number: value }
        : { facet, value, number: null },
    ),
  );
}

/** A product's values of one facet, each once. */
export function valuesOfFacet(product: Faceted, facet: string): readonly (string | number)[] {
  switch (facet) {
    case "type":
      return product.typeId === null ? [] : [facetValue(product.typeId)];
    case "brand":
      return product.brandId === null ? [] : [facetValue(product.brandId)];
    case "merchant":
      return product.merchantId === null ? [] : [facetValue(product.merchantId)];
    case "tag":
      return texts(product.tags);
    default: {
      const value = product.attributes[facet.slice(ofAttribute.length)];
      if (value === undefined) return [];
      if (typeof value === "number") return [value];
      return typeof value === "object" ? texts(value) : [facetValue(String(value))];
    }
  }
}

function texts(values: readonly string[]): string[] {
  return values.length === 1 ? values.map(facetValue) : [...new Set(values.map(facetValue))];
}

/** The facet of an attribute's values. */
export function attributeFacet(code: string): string {
  return `${ofAttribute}${code}`;
}

/** A text as facets store and compare it. */
export function facetValue(text: string): string {
  return text.slice(0, maxValueLength).toWellFormed().trimEnd();
}
