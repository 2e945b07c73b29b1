import type { Texts } from "../../../mixins/contract/texts.ts";
import type { AttributeDefinition, ProductType } from "./attribute.ts";
import { attributeFromCell } from "./attribute-cells.ts";
import { attributeFaults, attributeTextFaults } from "./attribute-values.ts";
import type { ImportRow, RowError } from "./import-row.ts";
import type { AttributeValue, Product, ProductDetails, Seo } from "./product.ts";
import { noDetails } from "./product.ts";

/** What the details of a batch's rows refer to. */
export interface KnownDetails {
  /** Brand ids by slug. */
  readonly brands: ReadonlyMap<string, string>;
  /** Merchant ids by slug. */
  readonly merchants: ReadonlyMap<string, string>;
  /** Types by slug, also those of the products. */
  readonly types: ReadonlyMap<string, ProductType>;
  /** Attributes of the types, by code. */
  readonly attributes: ReadonlyMap<string, AttributeDefinition>;
  /** True for a language of the shop other than the default. */
  readonly isTranslated: (locale: string) => boolean;
}

type Fault = Omit<RowError, "row">;

/** Faults of what a row says about a product, which is undefined when it is new. */
export function detailFaults(row: ImportRow, product: Product | undefined, known: KnownDetails): Fault[] {
  const faults: Fault[] = [];
  if (row.merchant && !known.merchants.has(row.merchant))
    faults.push({ field: "merchant", code: "not-found", message: "merchant not found" });
  if (row.brand && !known.brands.has(row.brand))
    faults.push({ field: "brand", code: "not-found", message: "brand not found" });
  for (const [locale, fields] of Object.entries(row.texts ?? {}))
    if (!known.isTranslated(locale))
      faults.push({
        field: ["texts", locale, ...Object.keys(fields ?? {}).slice(0, 1)].join("."),
        code: "invalid-value",
        message: "is none of the shop's further languages",
      });
  if (row.type && !known.types.has(row.type))
    return [...faults, { field: "type", code: "not-found", message: "type not found" }];
  if (!concernsAttributes(row)) return faults;

  const { typeId, attributes } = changedDetails(row, product, known);
  const uses = typeById(typeId, known)?.attributes ?? [];
  const wrong = [
    ...attributeFaults(attributes, uses, known.attributes),
    ...attributeTextFaults(row.texts ?? {}, uses, known.attributes),
  ];
  return [...faults, ...wrong.map(({ path, ...fault }) => ({ field: path, ...fault }))];
}

/** Whether the product's type has a say in what the row changes. */
export function concernsAttributes({ type, attributes, attributeCells, texts = {} }: ImportRow): boolean {
  return (
    type !== undefined ||
    attributes !== undefined ||
    attributeCells !== undefined ||
    Object.values(texts).some((fields) =>
      Object.keys(fields ?? {}).some((field) => field.startsWith("attributes.")),
    )
  );
}

/** A product's details with what a row says about them. */
export function changedDetails(
  row: ImportRow,
  before: ProductDetails | undefined,
  known: KnownDetails,
): ProductDetails {
  const {
    merchantId: merchantBefore,
    typeId: typeBefore,
    brandId,
    attributes,
    tags,
    seo,
    texts,
    images,
    favourites,
    rating,
  } = before ?? noDetails;
  const typeId = row.type === undefined ? typeBefore : (known.types.get(row.type ?? "")?.id ?? null);
  return {
    merchantId:
      row.merchant === undefined ? merchantBefore : (known.merchants.get(row.merchant ?? "") ?? null),
    typeId,
    brandId: row.brand === undefined ? brandId : (known.brands.get(row.brand ?? "") ?? null),
    attributes: changedAttributes(
      row,
      typeId === typeBefore ? attributes : ofType(attributes, typeById(typeId, known)),
      known,
    ),
    tags: row.tags ?? tags,
    seo: changedSeo(row, seo),
    texts: changedTexts(row, texts),
    images,
    favourites,
    rating,
  };
}

type Attributes = Readonly<Record<string, AttributeValue>>;

/** Another type keeps the attributes that it has, too. */
function ofType(attributes: Attributes, type: ProductType | undefined): Attributes {
  const codes = new Set(type?.attributes.map(({ code }) => code));
  return Object.fromEntries(Object.entries(attributes).filter(([code]) => codes.has(code)));
}

function changedAttributes(
  { attributes = {}, attributeCells = {} }: ImportRow,
  before: Attributes,
  known: KnownDetails,
): Attributes {
  const changed = new Map(Object.entries(before));
  for (const [code, cell] of Object.entries(attributeCells)) {
    const kind = known.attributes.get(code)?.kind;
    changed.set(code, kind === undefined ? cell : attributeFromCell(cell, kind));
  }
  for (const [code, value] of Object.entries(attributes))
    if (value === null) changed.delete(code);
    else changed.set(code, value);
  return Object.fromEntries(changed);
}

function changedSeo({ seoTitle, seoDescription }: ImportRow, before: Seo): Seo {
  const title = seoTitle === undefined ? before.title : (seoTitle ?? undefined);
  const description = seoDescription === undefined ? before.description : (seoDescription ?? undefined);
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
  };
}

/** Field by field: a file with a column for one of them must not remove the others. */
function changedTexts({ texts: changes = {} }: ImportRow, before: Texts): Texts {
  const changed = new Map(Object.entries(before));
  for (const [locale, fields] of Object.entries(changes)) {
    const given = Object.entries(fields ?? {}).filter((field): field is [string, string] =>
      Boolean(field[1]),
    );
    if (fields === null) changed.delete(locale);
    else changed.set(locale, { ...changed.get(locale), ...Object.fromEntries(given) });
  }
  return Object.fromEntries(changed);
}

function typeById(id: string | null, { types }: KnownDetails): ProductType | undefined {
  return id === null ? undefined : types.values().find((type) => type.id === id);
}
