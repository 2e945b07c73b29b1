import type { Tx } from "../../../mixins/database/database.ts";
import { newId } from "../../contract/ids.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import { action } from "../catalog.dependencies.ts";
import type { Variant } from "../data/variant-repository.ts";
import { presentProduct, productSnapshot, takenFields, variantSnapshot } from "../present.ts";

export const createProduct = action("catalog.products.create", async (context, dependencies) => {
  const { params, now, transaction, fail } = context;
  const { categories, products, variants, currency } = dependencies;
  const { variants: newVariants, ...written } = params;
  const born = { version: 1, createdAt: now, updatedAt: now };
  const product = { id: newId(), ...written, ...born };
  const itsVariants = newVariants.map(({ sku, options, priceMinor, weightGrams = null }) => ({
    id: newId(),
    productId: product.id,
    sku,
    options,
    price: priceMinor,
    weightGrams,
    ...born,
  }));

  await transaction(async (tx) => {
    if (product.categoryId !== null && !(await categories.lock(product.categoryId, tx)))
      throw fail("not-found", "There is no such category");
    if (!(await products.insert(product, tx))) throw fail("already-exists", undefined, takenFields("slug"));
    const taken = await insertAll(itsVariants, variants, tx);
    if (taken.length > 0) throw fail("already-exists", undefined, takenFields(...taken));
    await products.deriveAgain(product, tx);

    const created = { change: "created", before: null } as const;
    tx.publish("catalog.changed", { entity: "product", id: product.id, ...created, after: productSnapshot(product) });
    for (const variant of itsVariants)
      tx.publish("catalog.changed", { entity: "variant", id: variant.id, ...created, after: variantSnapshot(variant) });
  });
  return presentProduct(product, itsVariants.map((variant) => ({ ...variant, available: 0 })), currency);
});

/** @returns the params whose SKUs are taken */
async function insertAll(
  all: readonly Variant[],
  variants: CatalogDependencies["variants"],
  tx: Tx,
): Promise<string[]> {
  const taken: string[] = [];
  for (const [index, variant] of all.entries())
    if (!(await variants.insert(variant, tx))) taken.push(`variants.${index}.sku`);
  return taken;
}
