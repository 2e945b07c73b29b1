import { facetRowsOf } from "../facet-rows.ts";
import type { Product } from "../product.ts";
import type { SearchableProduct } from "./index-terms.ts";
import { belongingTerm } from "./packed-terms.ts";

type Found = Belonging & Pick<Product, "name" | "description" | "texts">;
type Belonging = Pick<Product, "status" | "categoryId" | "brandId" | "typeId" | "tags" | "attributes">;

interface FoundVariant {
  readonly sku: string;
  readonly options: Readonly<Record<string, string>>;
}

/** What a product is found by, in a fixed order: equal products have equal fingerprints. */
export function searchableProduct(product: Found, variants: readonly FoundVariant[]): SearchableProduct {
  const texts = Object.keys(product.texts)
    .toSorted()
    .map((locale) => product.texts[locale] ?? {});
  const textsOf = (field: "name" | "description") => [
    product[field],
    ...texts.flatMap((its) => (its[field] === undefined ? [] : [its[field]])),
  ];
  const chosen = Object.values(product.attributes)
    .flat()
    .filter((value) => typeof value !== "boolean")
    .map(String);
  const options = variants.flatMap((variant) => Object.values(variant.options));
  return {
    names: textsOf("name"),
    descriptions: textsOf("description"),
    skus: variants.map(({ sku }) => sku).toSorted(),
    attributes: [...new Set([...product.tags, ...chosen, ...options])].toSorted(),
    ...belonging(product),
  };
}

/** What searches find a product by that is none of its texts. Tags are texts, and numbers have no labels. */
export function belonging(
  product: Belonging,
): Pick<SearchableProduct, "status" | "categoryId" | "brandId" | "belongings"> {
  const { status, categoryId, brandId } = product;
  const facets = facetRowsOf({ ...product, brandId: null, merchantId: null, tags: [] }).filter(
    ({ number }) => number === null,
  );
  return {
    status,
    categoryId,
    brandId,
    belongings: facets.map(({ facet, value }) => belongingTerm(facet, value)).toSorted(),
  };
}
