import { action } from "../catalog.dependencies.ts";
import { inLocale } from "../in-locale.ts";
import { presentBrand } from "../present.ts";

export const listBrands = action("catalog.brands.list", async ({ params }, dependencies) => {
  const { brands, locales, imagePresenter } = dependencies;
  const { locale } = params;
  const page = await brands.list(params, { withTexts: locale !== undefined });
  const images = imagePresenter.in(locale);
  return {
    ...page,
    items: page.items.map((brand) => presentBrand(inLocale(brand, locale, locales), images)),
  };
});
