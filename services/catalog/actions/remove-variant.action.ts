import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../catalog.dependencies.ts";
import { variantSnapshot } from "../present.ts";

export const removeVariant = action(
  "catalog.variants.remove",
  async (context, { products, variants, stock }) => {
    const { params, caller, transaction, fail } = context;
    await transaction(async (tx) => {
      const product = await products.lockOfVariant(params.id, tx, merchantFilter(caller, "catalog:write"));
      const variant = await variants.byId(params.id, tx);
      if (!product || !variant) throw fail("not-found");
      if (await stock.lockIfUsed([variant.id], tx))
        throw fail("in-use", "It has had stock, its ledger must stay");
      await variants.remove([variant.id], tx);
      await products.refreshDerivedColumns(product.id, tx);
      tx.publish("catalog.changed", {
        entity: "variant",
        id: variant.id,
        change: "removed",
        before: variantSnapshot(variant),
        after: null,
      });
    });
    return null;
  },
);
