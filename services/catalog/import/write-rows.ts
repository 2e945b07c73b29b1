import { stringify } from "csv-stringify/sync";
import type { WholeProduct } from "../data/batch-repository.ts";
import { optionsToCell, toCell } from "../domain/csv-cell.ts";
import { toPriceText } from "../domain/price-text.ts";

/** Rows of a file as text, each with its line break. */
export interface WrittenRows {
  readonly text: string;
  readonly rows: number;
}

const columns = [
  "product",
  "name",
  "description",
  "category",
  "status",
  "sku",
  "price",
  "stock",
  "weightGrams",
  "options",
] as const;

/** A product's own fields stand in its first row; the others are only more of its variants. */
export function toCsv(products: readonly WholeProduct[], decimals: number, withHeader: boolean): WrittenRows {
  const records = products.flatMap((product) => {
    const first = [product.slug, toCell(product.name), toCell(product.description), product.categorySlug, product.status];
    const further = [product.slug, "", "", "", ""];
    if (product.variants.length === 0) return [[...first, "", "", "", "", ""]];
    return product.variants.map((variant, index) => [
      ...(index === 0 ? first : further),
      variant.sku,
      toPriceText(variant.price, decimals),
      variant.onHand,
      variant.weightGrams,
      optionsToCell(variant.options),
    ]);
  });
  return { text: stringify(records, { header: withHeader, columns: [...columns] }), rows: records.length };
}

/** One JSON object a line. */
export function toNdjson(products: readonly WholeProduct[]): WrittenRows {
  const objects = products.flatMap((product): object[] => {
    const { slug, name, description, categorySlug: category, status } = product;
    const first = { product: slug, name, description, category, status };
    if (product.variants.length === 0) return [first];
    return product.variants.map(({ sku, price, onHand, weightGrams, options }, index) => ({
      ...(index === 0 ? first : { product: slug }),
      sku,
      priceMinor: price,
      stock: onHand,
      weightGrams,
      options,
    }));
  });
  return { text: objects.map((object) => `${JSON.stringify(object)}\n`).join(""), rows: objects.length };
}
