import { action } from "../catalog.dependencies.ts";
import { inLocale } from "../in-locale.ts";
import { presentCollection } from "../present.ts";

export const getCollection = action("catalog.collections.get", async ({ params, fail }, dependencies) => {
  const { collections, locales, imagePresenter } = dependencies;
  const { idOrSlug, locale } = params;
  const collection = await collections.byIdOrSlug(idOrSlug);
  if (collection) return presentCollection(inLocale(collection, locale, locales), imagePresenter.in(locale));
  const renamed = await collections.byFormerSlug(idOrSlug);
  throw renamed ? fail("moved", undefined, { idOrSlug: renamed.slug }) : fail("not-found");
});
