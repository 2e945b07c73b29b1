import { difference } from "../../../mixins/contract/changes.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { action } from "../catalog.dependencies.ts";
import { brandSnapshot, presentBrand, takenFields } from "../present.ts";

export const updateBrand = action("catalog.brands.update", async (context, dependencies) => {
  const { params, now, transaction, fail } = context;
  const { brands, locales, imagePresenter } = dependencies;
  return transaction(async (tx) => {
    const brand = await brands.lock(params.id, tx);
    if (!brand) throw fail("not-found");
    assertVersion(brand, params);

    const wanted = {
      ...brand,
      slug: params.slug ?? brand.slug,
      name: params.name ?? brand.name,
      description: params.description ?? brand.description,
      texts: locales.withChanges(brand.texts, params.texts),
      seo: params.seo ?? brand.seo,
    };
    const differing = difference(brandSnapshot(brand), brandSnapshot(wanted));
    if (!differing) return presentBrand(brand, imagePresenter);

    const changed = { ...wanted, version: brand.version + 1, updatedAt: now };
    const outcome = await brands.update(brand, changed, tx);
    if (outcome === "taken") throw fail("already-exists", undefined, takenFields("slug"));
    if (outcome === "stale") throw fail("precondition-failed");
    tx.publish("catalog.changed", { entity: "brand", id: brand.id, change: "updated", ...differing });
    return presentBrand(changed, imagePresenter);
  });
});
