import { action } from "../catalog.dependencies.ts";
import { difference } from "../../contract/changes.ts";
import { canBecome } from "../domain/product-lifecycle.ts";
import { presentProduct, productSnapshot, takenFields } from "../present.ts";

export const updateProduct = action("catalog.products.update", async (context, dependencies) => {
  const { params, now, transaction, fail } = context;
  const { categories, products, variants, currency } = dependencies;
  return transaction(async (tx) => {
    const product = await products.lock(params.id, tx);
    if (!product) throw fail("not-found");
    if (product.version !== params.expectedVersion) throw fail("precondition-failed");

    const wanted = {
      ...product,
      slug: params.slug ?? product.slug,
      name: params.name ?? product.name,
      description: params.description ?? product.description,
      categoryId: params.categoryId === undefined ? product.categoryId : params.categoryId,
      status: params.status ?? product.status,
    };
    const itsVariants = await variants.ofProduct(product.id, tx);
    const differing = difference(productSnapshot(product), productSnapshot(wanted));
    if (!differing) return presentProduct(product, itsVariants, currency);
    if (!canBecome(product.status, wanted.status))
      throw fail("illegal-transition", undefined, { from: product.status, to: wanted.status });
    const moved = wanted.categoryId !== product.categoryId ? wanted.categoryId : null;
    if (moved !== null && !(await categories.lock(moved, tx))) throw fail("not-found", "There is no such category");

    const changed = { ...wanted, version: product.version + 1, updatedAt: now };
    const outcome = await products.update(changed, tx);
    if (outcome === "taken") throw fail("already-exists", undefined, takenFields("slug"));
    if (outcome === "stale") throw fail("precondition-failed");
    await products.deriveAgain(changed, tx);
    tx.publish("catalog.changed", { entity: "product", id: product.id, change: "updated", ...differing });
    return presentProduct(changed, itsVariants, currency);
  });
});
