import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../catalog.dependencies.ts";
import { difference } from "../../../mixins/contract/changes.ts";
import { presentVariant, takenFields, variantSnapshot } from "../present.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";

/** Reserved stock keeps the price of its reservation. */
export const updateVariant = action(
  "catalog.variants.update",
  async (context, { products, variants, currency }) => {
    const { params, caller, now, transaction, fail } = context;
    return transaction(async (tx) => {
      const product = await products.lockOfVariant(params.id, tx, merchantFilter(caller, "catalog:write"));
      const variant = await variants.byId(params.id, tx);
      if (!product || !variant) throw fail("not-found");
      assertVersion(variant, params);

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
      await products.refreshDerivedColumns(product.id, tx);
      tx.publish("catalog.changed", {
        entity: "variant",
        id: variant.id,
        productId: product.id,
        change: "updated",
        ...differing,
      });
      return presentVariant(changed, currency);
    });
  },
);
