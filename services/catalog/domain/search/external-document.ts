import type { AttributeDefinition } from "../attribute.ts";
import type { AttributeValue, Product } from "../product.ts";

/** A product as an external search engine finds it. */
export interface ExternalDocument {
  readonly id: string;
  readonly status: string;
  readonly skus: readonly string[];
  readonly brand: readonly string[];
  /** Names of the type, the category and those above it. */
  readonly kinds: readonly string[];
  /** Tags, options, and values of attributes with their labels in all languages. */
  readonly properties: readonly string[];
  /** By language, such as `name_zh`; a language has several texts in a shop with regional ones. */
  readonly [text: `${"name" | "description"}_${string}`]: readonly string[];
}

export interface DocumentSource {
  readonly product: Product;
  readonly brand: readonly string[];
  readonly kinds: readonly string[];
  readonly variants: readonly { readonly sku: string; readonly options: Readonly<Record<string, string>> }[];
}

/** Primary language of a locale: `zh` of `zh-CN`. */
export function languageOf(locale: string): string {
  return new Intl.Locale(locale).language;
}

/** What a search engine is told of a product. */
export function externalDocument(
  { product, brand, kinds, variants }: DocumentSource,
  definitions: ReadonlyMap<string, AttributeDefinition>,
  defaultLocale: string,
): ExternalDocument {
  const texts = Object.entries(product.texts);
  const inLanguages = (field: "name" | "description") => {
    const all = [[defaultLocale, product[field]] as const];
    for (const [locale, its] of texts) if (its[field] !== undefined) all.push([locale, its[field]]);
    const grouped = Map.groupBy(all, ([locale]) => languageOf(locale));
    return [...grouped].map(([language, its]) => [`${field}_${language}`, its.map(([, text]) => text)]);
  };
  const translated = texts.flatMap(([, its]) =>
    Object.entries(its).flatMap(([field, text]) => (field.startsWith("attributes.") ? [text] : [])),
  );
  const values = Object.entries(product.attributes).flatMap(([code, value]) =>
    labelsOf(value, definitions.get(code)),
  );
  const options = variants.flatMap((variant) => Object.values(variant.options));
  return {
    id: product.id,
    status: product.status,
    skus: variants.map(({ sku }) => sku),
    brand,
    kinds,
    properties: [...new Set([...product.tags, ...options, ...values, ...translated])],
    ...Object.fromEntries([...inLanguages("name"), ...inLanguages("description")]),
  };
}

function labelsOf(value: AttributeValue, definition: AttributeDefinition | undefined): string[] {
  if (!definition) return [];
  const named = (texts: AttributeDefinition["texts"], field: string) =>
    Object.values(texts).flatMap((its) => its[field] ?? []);
  if (value === true) return [definition.name, ...named(definition.texts, "name")];
  if (value === false) return [];
  const values = (typeof value === "object" ? value : [value]).map(String);
  return values.flatMap((one) => {
    const choice = definition.choices.find(({ code }) => code === one);
    if (choice) return [choice.label, ...named(choice.texts, "label")];
    return [definition.unit === null ? one : `${one} ${definition.unit}`];
  });
}
