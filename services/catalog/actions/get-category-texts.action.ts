import { action } from "../catalog.dependencies.ts";

export const getCategoryTexts = action(
  "catalog.categories.texts",
  async ({ params, fail }, { categories, locales }) => {
    const category = await categories.byId(params.id);
    if (!category) throw fail("not-found");
    const { id, name, texts, version } = category;
    return { id, defaultLocale: locales.default, name, texts, version };
  },
);
