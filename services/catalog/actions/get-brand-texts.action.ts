import { action } from "../catalog.dependencies.ts";

export const getBrandTexts = action("catalog.brands.texts", async ({ params, fail }, { brands, locales }) => {
  const brand = await brands.byId(params.id);
  if (!brand) throw fail("not-found");
  const { id, name, description, texts, version } = brand;
  return { id, defaultLocale: locales.default, name, description, texts, version };
});
