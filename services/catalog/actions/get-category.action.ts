import { action } from "../catalog.dependencies.ts";
import type { Category } from "../data/category-repository.ts";
import { inLocale } from "../in-locale.ts";
import { presentCategory } from "../present.ts";

const childrenShown = 100;

export const getCategory = action("catalog.categories.get", async (context, dependencies) => {
  const { params, fail } = context;
  const { categories, locales, imagePresenter } = dependencies;
  const category = await categories.byIdOrSlug(params.idOrSlug);
  if (!category) {
    const renamed = await categories.byFormerSlug(params.idOrSlug);
    throw renamed ? fail("moved", undefined, { idOrSlug: renamed.slug }) : fail("not-found");
  }
  const ancestors = await categories.above(category);
  const children = await categories.children(category.id, childrenShown);
  const present = (one: Category) =>
    presentCategory(inLocale(one, params.locale, locales), imagePresenter.in(params.locale));
  return {
    ...present(category),
    ancestors: ancestors.map(present),
    children: children.map(present),
  };
});
