import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { difference } from "../../../mixins/contract/changes.ts";
import { action } from "../catalog.dependencies.ts";

export const relateProducts = action("catalog.products.relate", async (context, dependencies) => {
  const { params, caller, transaction, fail } = context;
  const { products, related } = dependencies;
  const { id, productIds } = params;
  await transaction(async (tx) => {
    const there = await products.lockAll([id, ...productIds], tx, merchantFilter(caller, "catalog:write"));
    if (!there.has(id)) throw fail("not-found");
    const missing = productIds.find((other) => !there.has(other));
    if (missing !== undefined) throw fail("not-found", "Product not found", { productId: missing });
    const differing = difference({ related: await related.chosen(id, tx) }, { related: productIds });
    if (!differing) return;
    await related.choose(id, productIds, tx);
    tx.publish("catalog.changed", { entity: "product", id, change: "updated", ...differing });
  });
  return { productIds };
});
