import type { Tx } from "../../../mixins/database/database.ts";
import { newId } from "../../contract/ids.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import { action } from "../catalog.dependencies.ts";
import type { DemoProduct } from "../data/demo-catalogue.ts";
import { demoCategories, demoProducts } from "../data/demo-catalogue.ts";
import { actorText } from "../domain/actor-text.ts";
import { placeBelow } from "../domain/category-tree.ts";

const actor = actorText({ kind: "system", id: "catalog.demo" });

/** Fills an empty catalogue in one transaction, so that there is all of it or nothing. Two nodes at once add it once. */
export const seedDemo = action("catalog.demo.seed", async ({ now, transaction }, dependencies) =>
  transaction(async (tx) => {
    if (await dependencies.products.any(tx)) return { products: 0 };
    const categoryIds = await seedCategories(now, tx, dependencies);
    let added = 0;
    for (const product of demoProducts)
      if (await seedProduct(product, categoryIds.get(product.category) ?? null, now, tx, dependencies)) added += 1;
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
    const category = { id: newId(), slug, name, parentId: above?.id ?? null, ...placeBelow(above, slug) };
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
  const product = { id: newId(), slug, name, description, status: "published", categoryId, ...born } as const;
  if (!(await products.insert(product, tx))) return false;
  for (const { stock: quantity, ...written } of demo.variants) {
    const variant = { id: newId(), productId: product.id, ...written, ...born };
    if (!(await variants.insert(variant, tx))) continue;
    const moves = quantity > 0 ? [{ variantId: variant.id, steps: [{ kind: "receive" as const, quantity }] }] : [];
    await stock.move(moves, { orderId: null, reason: "opening stock", actor, at: now }, tx);
  }
  await products.deriveAgain(product, tx);
  return true;
}
