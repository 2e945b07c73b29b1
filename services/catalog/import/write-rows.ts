import { stringify } from "csv-stringify/sync";
import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { ExportedProduct } from "../data/export-repository.ts";
import { attributeToCell } from "../domain/attribute-cells.ts";
import { listToCell, optionsToCell, toCell } from "../domain/csv-cell.ts";
import type { CsvColumn } from "../domain/csv-columns.ts";
import { columnTitle, textFields } from "../domain/csv-columns.ts";
import { toPriceText } from "../domain/price-text.ts";

/** Rows of a file as text, each with its line break. */
export interface WrittenRows {
  readonly text: string;
  readonly rows: number;
}

/** What the columns of an export depend on. */
export interface ExportedColumns {
  /** Languages of the shop other than the default. */
  readonly locales: string[];
  /** Codes of its attributes. */
  readonly attributes: string[];
  /** Codes of those that have texts in several languages. */
  readonly localized: string[];
}

/** URL of an image, in the largest size. */
export type ImageUrl = (image: StoredImage) => string;

const ofProduct = [
  "product",
  "name",
  "description",
  "category",
  "status",
  "merchant",
  "brand",
  "type",
  "tags",
  "seoTitle",
  "seoDescription",
  "images",
] as const;
const ofVariant = ["sku", "price", "stock", "weightGrams", "options"] as const;

type Variant = ExportedProduct["variants"][number];

/** A product's fields are in its first row only; further rows add variants. */
export function toCsv(
  products: readonly ExportedProduct[],
  decimals: number,
  columns: ExportedColumns,
  imageUrl: ImageUrl,
  withHeader: boolean,
): WrittenRows {
  const details: CsvColumn[] = [
    ...columns.locales.flatMap((locale) => {
      const localized = columns.localized.map((code) => `attributes.${code}` as const);
      return [...textFields, ...localized].map((field) => ({ kind: "text", field, locale }) as const);
    }),
    ...columns.attributes.map((code) => ({ kind: "attribute", code }) as const),
  ];
  const header = [...ofProduct, ...ofVariant, ...details.map(columnTitle)];
  const noVariant = ofVariant.map(() => "");
  const noProduct = ofProduct.slice(1).map(() => "");
  const noDetails = details.map(() => "");
  const records = products.flatMap((product) => {
    const cells = productCells(product, imageUrl);
    const detailed = details.map((column) => detailCell(product, column));
    if (product.variants.length === 0) return [[...cells, ...noVariant, ...detailed]];
    return product.variants.map((variant, index) =>
      index === 0
        ? [...cells, ...variantCells(variant, decimals), ...detailed]
        : [product.slug, ...noProduct, ...variantCells(variant, decimals), ...noDetails],
    );
  });
  // Excel takes a file without the mark for the system's own encoding.
  const text = stringify(records, { bom: withHeader, header: withHeader, columns: header });
  return { text, rows: records.length };
}

/** In the order of `ofProduct`. */
function productCells(product: ExportedProduct, imageUrl: ImageUrl): (string | null)[] {
  const { slug, name, description, categorySlug, status, merchant, brandSlug, typeSlug, tags, seo, images } =
    product;
  return [
    slug,
    toCell(name),
    toCell(description),
    categorySlug,
    status,
    merchant?.slug ?? "",
    brandSlug,
    typeSlug,
    tags.length > 0 ? toCell(listToCell(tags)) : "",
    toCell(seo.title ?? ""),
    toCell(seo.description ?? ""),
    images.length > 0 ? toCell(listToCell(images.map(imageUrl))) : "",
  ];
}

/** In the order of `ofVariant`. */
function variantCells({ sku, price, onHand, weightGrams, options }: Variant, decimals: number) {
  return [sku, toPriceText(price, decimals), onHand, weightGrams, optionsToCell(options)];
}

function detailCell({ texts, attributes }: ExportedProduct, column: CsvColumn): string {
  if (column.kind === "text") return toCell(texts[column.locale]?.[column.field] ?? "");
  const value = column.kind === "attribute" ? attributes[column.code] : undefined;
  return value === undefined ? "" : toCell(attributeToCell(value));
}

/** Writes NDJSON. */
export function toNdjson(
  products: readonly ExportedProduct[],
  columns: ExportedColumns,
  imageUrl: ImageUrl,
): WrittenRows {
  const objects = products.flatMap((product): object[] => {
    const first = productObject(product, columns, imageUrl);
    if (product.variants.length === 0) return [first];
    return product.variants.map(({ sku, price, onHand, weightGrams, options }, index) => ({
      ...(index === 0 ? first : { product: product.slug }),
      sku,
      priceMinor: price,
      stock: onHand,
      weightGrams,
      options,
    }));
  });
  return { text: objects.map((object) => `${JSON.stringify(object)}\n`).join(""), rows: objects.length };
}

/** Details that a product does not have are left out. */
function productObject(product: ExportedProduct, { locales }: ExportedColumns, imageUrl: ImageUrl) {
  const { slug, name, description, categorySlug: category, status, seo } = product;
  const { merchant, brandSlug: brand, typeSlug: type, attributes, tags, images } = product;
  const texts = Object.fromEntries(
    Object.entries(product.texts).filter(([locale]) => locales.includes(locale)),
  );
  return {
    product: slug,
    name,
    description,
    category,
    status,
    ...(merchant === null ? {} : { merchant: merchant.slug }),
    ...(brand === null ? {} : { brand }),
    ...(type === null ? {} : { type }),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(seo.title === undefined ? {} : { seoTitle: seo.title }),
    ...(seo.description === undefined ? {} : { seoDescription: seo.description }),
    ...(images.length > 0 ? { images: images.map(imageUrl) } : {}),
    ...(Object.keys(texts).length > 0 ? { texts } : {}),
  };
}
