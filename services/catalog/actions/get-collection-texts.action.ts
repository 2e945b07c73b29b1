import { action } from "../catalog.dependencies.ts";

export const getCollectionTexts = action(
  "catalog.collections.texts",
  async ({ params, fail }, { collections, locales }) => {
    const collection = await collections.byId(params.id);
    if (!collection) throw fail("not-found");
    const { id, name, description, texts, version } = collection;
    return { id, defaultLocale: locales.default, name, description, texts, version };
  },
);
