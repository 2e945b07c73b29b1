import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { action } from "../catalog.dependencies.ts";
import { variantsPerProduct } from "../domain/product-lifecycle.ts";
import { presentVariant, takenFields, variantSnapshot } from "../present.ts";

/** Variants have versions of their own, so the product's version stays. */
export const createVariant = action("catalog.variants.create", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { products, variants, currency } = dependencies;
  const { priceMinor, weightGrams = null, ...written } = params;
  const variant = {
    id: newId(),
    ...written,
    price: priceMinor,
    weightGrams,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };

  await transaction(async (tx) => {
    const product = await products.lock(params.productId, tx, merchantFilter(caller, "catalog:write"));
    if (!product) throw fail("not-found");
    const siblings = await variants.ofProduct(product.id, tx);
    if (siblings.length >= variantsPerProduct)
      throw fail("limit-reached", `A product has at most ${variantsPerProduct} variants`, {
        limit: variantsPerProduct,
      });
    if (!(await variants.insert(variant, tx))) throw fail("already-exists", undefined, takenFields("sku"));
    await products.refreshDerivedColumns(product.id, tx);
    tx.publish("catalog.changed", {
      entity: "variant",
      id: variant.id,
      change: "created",
      before: null,
      after: variantSnapshot(variant),
    });
  });
  return presentVariant({ ...variant, available: 0 }, currency);
});
