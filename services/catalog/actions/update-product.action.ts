import type { Tx } from "../../../mixins/database/database.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import { action } from "../catalog.dependencies.ts";
import { difference } from "../../../mixins/contract/changes.ts";
import type { BrandReference } from "../data/brand-repository.ts";
import type { Product } from "../domain/product.ts";
import { assertAttributes, namesAttribute } from "../attributes/define-attribute.ts";
import { AttributePresenter } from "../attributes/present-attributes.ts";
import { canBecome } from "../domain/product-lifecycle.ts";
import { may, merchantFilter } from "../../../mixins/contract/caller.ts";
import { presentProduct, productSnapshot, publishedBy, takenFields } from "../present.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";

export const updateProduct = action("catalog.products.update", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { categories, brands, merchantCopies, merchantCategories, products, variants } = dependencies;
  const { definitions, locales, currency, imagePresenter } = dependencies;
  const { saved, itsVariants } = await transaction(async (tx) => {
    const product = await products.lock(params.id, tx, merchantFilter(caller, "catalog:write"));
    if (!product) throw fail("not-found");
    if (params.merchantId !== undefined && !may(caller, "catalog:write"))
      throw fail("forbidden", "Only staff move products to another merchant", {
        permission: "catalog:write",
      });
    assertVersion(product, params);

    const wanted = {
      ...product,
      slug: params.slug ?? product.slug,
      name: params.name ?? product.name,
      description: params.description ?? product.description,
      texts: locales.withChanges(product.texts, params.texts),
      categoryId: params.categoryId === undefined ? product.categoryId : params.categoryId,
      merchantId: params.merchantId === undefined ? product.merchantId : params.merchantId,
      brandId: params.brandId === undefined ? product.brandId : params.brandId,
      status: params.status ?? product.status,
      tags: params.tags ?? product.tags,
      seo: params.seo ?? product.seo,
      typeId: params.typeId === undefined ? product.typeId : params.typeId,
      attributes: params.attributes ?? product.attributes,
    };
    const brand = await brandOf(wanted, product, brands, tx);
    if (!brand && wanted.brandId !== null) throw fail("not-found", "Brand not found");
    const { merchantId } = wanted;
    const [merchant = null] = merchantId === null ? [] : await merchantCopies.ofIds([merchantId], tx);
    if (merchantId !== product.merchantId && merchantId !== null && !merchant)
      throw fail("not-found", "Merchant not found");
    const shown = { brand, merchant, isWithheld: false };
    const itsVariants = await variants.ofProduct(product.id, tx);
    const differing = difference(productSnapshot(product), productSnapshot(wanted));
    if (!differing) return { saved: { ...product, ...shown }, itsVariants };
    if (!canBecome(product.status, wanted.status))
      throw fail("illegal-transition", undefined, { from: product.status, to: wanted.status });
    const moved = wanted.categoryId !== product.categoryId ? wanted.categoryId : null;
    if (moved !== null && !(await categories.lock(moved, tx))) throw fail("not-found", "Category not found");

    if (params.typeId !== undefined || params.attributes || namesAttribute(params.texts))
      await assertAttributes(wanted, params.texts ?? {}, dependencies, tx);

    const changed = { ...wanted, version: product.version + 1, updatedAt: now };
    const outcome = await products.update(product, changed, tx);
    if (outcome === "taken") throw fail("already-exists", undefined, takenFields("slug"));
    if (outcome === "stale") throw fail("precondition-failed");
    if (changed.merchantId !== product.merchantId) await merchantCategories.put(product.id, [], tx);
    await products.refreshDerivedColumns(product.id, tx);
    tx.publish("catalog.changed", {
      entity: "product",
      id: product.id,
      change: "updated",
      ...differing,
      ...publishedBy(product, changed),
    });
    return { saved: { ...changed, ...shown }, itsVariants };
  });
  const attributes = new AttributePresenter(locales, undefined).values(saved, await definitions.get());
  return presentProduct(saved, itsVariants, attributes, currency, imagePresenter);
});

/** Locks a new brand, so that it cannot be removed meanwhile. */
async function brandOf(
  { brandId }: Product,
  before: Product,
  brands: CatalogDependencies["brands"],
  tx: Tx,
): Promise<BrandReference | null> {
  if (brandId === null) return null;
  const brand = await (brandId === before.brandId ? brands.byId(brandId, tx) : brands.lock(brandId, tx));
  return brand ?? null;
}
