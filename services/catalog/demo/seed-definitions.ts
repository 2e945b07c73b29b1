import type { Tx } from "../../../mixins/database/database.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import { demoAttributes } from "./demo-attributes.ts";
import { demoTypes } from "./demo-types.ts";
import { placeBelow } from "../domain/category-tree.ts";
import { brandSnapshot, categorySnapshot } from "../present.ts";
import { attributeSnapshot, typeSnapshot } from "../attributes/present-attributes.ts";
import { demoBrands } from "./demo-brands.ts";
import type { Texts } from "./demo-kind.ts";
import { demoDepartments } from "./demo-mall.ts";
import { textsFor } from "./demo-texts.ts";

/** Adds what the products of the mall refer to: attributes, types, brands and categories. Existing ones stay. */
export async function seedDefinitions(tx: Tx, dependencies: CatalogDependencies): Promise<void> {
  await seedTypes(tx, dependencies);
  await seedBrands(tx, dependencies);
  for (const { slug, names, sections } of demoDepartments) {
    await seedCategory(slug, names, undefined, tx, dependencies);
    for (const section of sections) await seedCategory(section.slug, section.names, slug, tx, dependencies);
  }
}

function born() {
  const now = Date.now();
  return { id: newId(), version: 1, createdAt: now, updatedAt: now };
}

async function seedTypes(tx: Tx, { attributes, types }: CatalogDependencies): Promise<void> {
  for (const definition of demoAttributes) {
    const attribute = { ...definition, ...born() };
    if (await attributes.insert(attribute, tx))
      announce("attribute", attribute.id, attributeSnapshot(attribute), tx);
  }
  for (const [position, definition] of demoTypes.entries()) {
    const type = { ...definition, position, ...born() };
    if (await types.insert(type, tx)) announce("product-type", type.id, typeSnapshot(type), tx);
  }
}

async function seedBrands(tx: Tx, { brands, locales }: CatalogDependencies): Promise<void> {
  for (const { slug, name, about } of demoBrands) {
    const { description } = textsFor({ description: about }, locales.default);
    const brand = { slug, name, description, seo: {}, texts: {}, image: null, ...born() };
    if (await brands.insert(brand, tx)) announce("brand", brand.id, brandSnapshot(brand), tx);
  }
}

async function seedCategory(
  slug: string,
  names: Texts,
  parent: string | undefined,
  tx: Tx,
  { categories, locales }: CatalogDependencies,
): Promise<void> {
  const above = parent === undefined ? undefined : await categories.bySlug(parent, tx);
  const category = {
    slug,
    ...textsFor({ name: names }, locales.default),
    parentId: above?.id ?? null,
    ...placeBelow(above, slug),
    seo: {},
    image: null,
    ...born(),
  };
  if (await categories.insert(category, tx))
    announce("category", category.id, categorySnapshot(category), tx);
}

function announce(
  entity: "attribute" | "product-type" | "brand" | "category",
  id: string,
  after: Record<string, unknown> | null,
  tx: Tx,
): void {
  tx.publish("catalog.changed", { entity, id, change: "created", before: null, after });
}
