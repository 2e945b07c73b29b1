import type { ImportRow } from "../domain/import-row.ts";
import type { MallProduct } from "./demo-mall.ts";
import { textsFor } from "./demo-texts.ts";

/** A product as rows of an import, one for each variant. */
export function rowsOf(product: MallProduct, defaultLocale: string): ImportRow[] {
  const { slug, category, brand, type, tags, attributeTexts } = product;
  const localized = Object.entries(attributeTexts).map(
    ([code, text]) => [`attributes.${code}`, text] as const,
  );
  const { name, description, texts, ...main } = textsFor(
    { name: product.name, description: product.description, ...Object.fromEntries(localized) },
    defaultLocale,
  );
  const attributes = new Map(Object.entries(product.attributes));
  for (const [field, text] of Object.entries<string>(main))
    attributes.set(field.replace("attributes.", ""), text);
  const status = "published" as const;
  const details = { category, status, brand, type, tags, attributes: Object.fromEntries(attributes) };
  return product.variants.map((variant, index) => ({
    row: index + 1,
    product: slug,
    ...(index === 0 ? { name, description, texts, ...details } : {}),
    ...variant,
  }));
}
