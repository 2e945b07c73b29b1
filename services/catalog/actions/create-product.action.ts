import { merchantFor } from "../../../mixins/contract/merchant-for.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import { action } from "../catalog.dependencies.ts";
import { assertAttributes } from "../attributes/define-attribute.ts";
import { AttributePresenter } from "../attributes/present-attributes.ts";
import { noDetails } from "../domain/product.ts";
import type { Variant } from "../data/variant-repository.ts";
import { presentProduct, productSnapshot, publishedBy, takenFields, variantSnapshot } from "../present.ts";

export const createProduct = action("catalog.products.create", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { categories, brands, merchantCopies, products, variants, definitions, locales } = dependencies;
  const { currency, imagePresenter } = dependencies;
  const merchantId = merchantFor(caller, "catalog:write", params.merchantId);
  const { variants: newVariants, ...written } = params;
  const born = { version: 1, createdAt: now, updatedAt: now };
  const texts = locales.withChanges({}, params.texts);
  const product = { id: newId(), ...noDetails, ...written, merchantId, texts, ...born };
  const itsVariants = newVariants.map(({ sku, options, priceMinor, weightGrams = null }) => ({
    id: newId(),
    productId: product.id,
    sku,
    options,
    price: priceMinor,
    weightGrams,
    ...born,
  }));

  const { brand, merchant } = await transaction(async (tx) => {
    const [seller = null] = merchantId === null ? [] : await merchantCopies.ofIds([merchantId], tx);
    if (seller?.id !== (merchantId ?? undefined)) throw fail("not-found", "Merchant not found");
    if (product.categoryId !== null && !(await categories.lock(product.categoryId, tx)))
      throw fail("not-found", "Category not found");
    const itsBrand = product.brandId === null ? null : await brands.lock(product.brandId, tx);
    if (itsBrand === undefined) throw fail("not-found", "Brand not found");
    await assertAttributes(product, params.texts ?? {}, dependencies, tx);
    if (!(await products.insert(product, tx))) throw fail("already-exists", undefined, takenFields("slug"));
    const taken = await insertAll(itsVariants, variants, tx);
    if (taken.length > 0) throw fail("already-exists", undefined, takenFields(...taken));
    await products.refreshDerivedColumns(product.id, tx);

    const created = { change: "created", before: null } as const;
    tx.publish("catalog.changed", {
      entity: "product",
      id: product.id,
      ...created,
      after: productSnapshot(product),
      ...publishedBy(undefined, product),
    });
    for (const variant of itsVariants)
      tx.publish("catalog.changed", {
        entity: "variant",
        id: variant.id,
        ...created,
        after: variantSnapshot(variant),
      });
    return { brand: itsBrand, merchant: seller };
  });
  return presentProduct(
    { ...product, brand, merchant, isWithheld: false },
    itsVariants.map((variant) => ({ ...variant, available: 0 })),
    new AttributePresenter(locales, undefined).values(product, await definitions.get()),
    currency,
    imagePresenter,
  );
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
