import { action } from "../catalog.dependencies.ts";
import { inLocale } from "../in-locale.ts";
import { presentCollection } from "../present.ts";

export const listCollections = action("catalog.collections.list", async ({ params }, dependencies) => {
  const { collections, locales, imagePresenter } = dependencies;
  const { locale } = params;
  const page = await collections.list(params, { withTexts: locale !== undefined });
  const images = imagePresenter.in(locale);
  return {
    ...page,
    items: page.items.map((collection) => presentCollection(inLocale(collection, locale, locales), images)),
  };
});
