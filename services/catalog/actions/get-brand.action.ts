import { action } from "../catalog.dependencies.ts";
import { inLocale } from "../in-locale.ts";
import { presentBrand } from "../present.ts";

export const getBrand = action("catalog.brands.get", async ({ params, fail }, dependencies) => {
  const { brands, locales, imagePresenter } = dependencies;
  const { idOrSlug, locale } = params;
  const brand = await brands.byIdOrSlug(idOrSlug);
  if (brand) return presentBrand(inLocale(brand, locale, locales), imagePresenter.in(locale));
  const renamed = await brands.byFormerSlug(idOrSlug);
  throw renamed ? fail("moved", undefined, { idOrSlug: renamed.slug }) : fail("not-found");
});
