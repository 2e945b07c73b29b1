import { action } from "../catalog.dependencies.ts";
import { difference } from "../../contract/changes.ts";
import { presentVariant, takenFields, variantSnapshot } from "../present.ts";

/** Stock that is reserved keeps the price at which it was reserved. */
export const updateVariant = action("catalog.variants.update", async (context, { products, variants, currency }) => {
  const { params, now, transaction, fail } = context;
  return transaction(async (tx) => {
    const product = await products.lockOfVariant(params.id, tx);
    const variant = await variants.byId(params.id, tx);
    if (!product || !variant) throw fail("not-found");
    if (variant.version !== params.expectedVersion) throw fail("precondition-failed");

    const wanted = {
      ...variant,
      sku: params.sku ?? variant.sku,
      options: params.options ?? variant.options,
      price: params.priceMinor ?? variant.price,
      weightGrams: params.weightGrams === undefined ? variant.weightGrams : params.weightGrams,
    };
    const differing = difference(variantSnapshot(variant), variantSnapshot(wanted));
    if (!differing) return presentVariant(variant, currency);

    const changed = { ...wanted, version: variant.version + 1, updatedAt: now };
    const outcome = await variants.update(changed, tx);
    if (outcome === "taken") throw fail("already-exists", undefined, takenFields("sku"));
    if (outcome === "stale") throw fail("precondition-failed");
    await products.deriveAgain(product, tx);
    tx.publish("catalog.changed", { entity: "variant", id: variant.id, change: "updated", ...differing });
    return presentVariant(changed, currency);
  });
});
