import { action } from "../catalog.dependencies.ts";
import { brandSnapshot } from "../present.ts";

export const removeBrand = action("catalog.brands.remove", async (context, { brands, products, images }) => {
  const { params, transaction, fail } = context;
  await transaction(async (tx) => {
    const brand = await brands.lock(params.id, tx);
    if (!brand) throw fail("not-found");
    if (await products.anyOfBrand(brand.id, tx)) throw fail("in-use", "The brand has products");
    await images.removeAll({ kind: "brand", id: brand.id }, tx);
    await brands.remove(brand.id, tx);
    tx.publish("catalog.changed", {
      entity: "brand",
      id: brand.id,
      change: "removed",
      before: brandSnapshot(brand),
      after: null,
    });
  });
  return null;
});
