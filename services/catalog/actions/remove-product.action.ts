import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../catalog.dependencies.ts";
import { productSnapshot, variantSnapshot } from "../present.ts";

export const removeProduct = action(
  "catalog.products.remove",
  async (context, { products, variants, stock, images }) => {
    const { params, caller, transaction, fail } = context;
    await transaction(async (tx) => {
      const product = await products.lock(params.id, tx, merchantFilter(caller, "catalog:write"));
      if (!product) throw fail("not-found");
      if (product.status !== "draft") throw fail("in-use", "It was on sale; archive it instead");
      const itsVariants = await variants.ofProduct(product.id, tx);
      const variantIds = itsVariants.map((variant) => variant.id);
      if (await stock.lockIfUsed(variantIds, tx))
        throw fail("in-use", "It has had stock; archive it instead");
      await variants.remove(variantIds, tx);
      await images.removeAll({ kind: "product", id: product.id }, tx);
      await products.remove(product.id, tx);

      const removed = { change: "removed", after: null } as const;
      for (const variant of itsVariants)
        tx.publish("catalog.changed", {
          entity: "variant",
          id: variant.id,
          ...removed,
          before: variantSnapshot(variant),
        });
      tx.publish("catalog.changed", {
        entity: "product",
        id: product.id,
        ...removed,
        before: productSnapshot(product),
      });
    });
    return null;
  },
);
