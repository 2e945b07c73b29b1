import { actorText } from "../../../mixins/contract/caller.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import { action } from "../catalog.dependencies.ts";
import type { DemoProduct } from "../demo/demo-catalogue.ts";
import { demoCategories, demoProducts } from "../demo/demo-catalogue.ts";
import { placeBelow } from "../domain/category-tree.ts";
import { noDetails } from "../domain/product.ts";

const actor = actorText({ kind: "system", id: "catalog.demo" });

/**
 * Fills an empty catalogue in one transaction: all or nothing, and once even if two nodes start at the same
 * time.
 */
export const seedDemo = action("catalog.demo.seed", async ({ now, transaction }, dependencies) =>
  transaction(async (tx) => {
    if (await dependencies.products.any(tx)) return { products: 0 };
    const categoryIds = await seedCategories(now, tx, dependencies);
    let added = 0;
    for (const product of demoProducts)
      if (await seedProduct(product, categoryIds.get(product.category) ?? null, now, tx, dependencies))
        added += 1;
    return { products: added };
  }),
);

/** @returns the categories' ids by slug */
async function seedCategories(
  now: number,
  tx: Tx,
  { categories }: CatalogDependencies,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const { slug, name, parent } of demoCategories) {
    const above = parent === undefined ? undefined : await categories.bySlug(parent, tx);
    const place = placeBelow(above, slug);
    const category = {
      id: newId(),
      slug,
      name,
      parentId: above?.id ?? null,
      ...place,
      seo: {},
      image: null,
      texts: {},
    };
    const inserted = await categories.insert({ ...category, version: 1, createdAt: now, updatedAt: now }, tx);
    const known = inserted ? category : await categories.bySlug(slug, tx);
    if (known) ids.set(slug, known.id);
  }
  return ids;
}

async function seedProduct(
  demo: DemoProduct,
  categoryId: string | null,
  now: number,
  tx: Tx,
  { products, variants, stock }: CatalogDependencies,
): Promise<boolean> {
  const born = { version: 1, createdAt: now, updatedAt: now };
  const { slug, name, description } = demo;
  const written = { slug, name, description, status: "published", categoryId } as const;
  const product = { id: newId(), ...written, ...noDetails, ...born };
  if (!(await products.insert(product, tx))) return false;
  for (const { stock: quantity, ...fields } of demo.variants) {
    const variant = { id: newId(), productId: product.id, ...fields, ...born };
    if (!(await variants.insert(variant, tx))) continue;
    const moves =
      quantity > 0 ? [{ variantId: variant.id, steps: [{ kind: "receive" as const, quantity }] }] : [];
    await stock.move(moves, { orderId: null, reason: "opening stock", actor, at: now }, tx);
  }
  await products.refreshDerivedColumns(product.id, tx);
  return true;
}
