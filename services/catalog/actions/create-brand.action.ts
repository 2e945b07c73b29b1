import { newId } from "../../../mixins/contract/ids.ts";
import { action } from "../catalog.dependencies.ts";
import { brandSnapshot, presentBrand, takenFields } from "../present.ts";

export const createBrand = action("catalog.brands.create", async (context, dependencies) => {
  const { params, now, transaction, fail } = context;
  const { brands, locales, imagePresenter } = dependencies;
  const texts = locales.withChanges({}, params.texts);
  const brand = { id: newId(), ...params, texts, image: null, version: 1, createdAt: now, updatedAt: now };
  await transaction(async (tx) => {
    if (!(await brands.insert(brand, tx))) throw fail("already-exists", undefined, takenFields("slug"));
    tx.publish("catalog.changed", {
      entity: "brand",
      id: brand.id,
      change: "created",
      before: null,
      after: brandSnapshot(brand),
    });
  });
  return presentBrand(brand, imagePresenter);
});
