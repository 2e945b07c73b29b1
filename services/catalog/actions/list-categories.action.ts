import { action } from "../catalog.dependencies.ts";
import type { Category } from "../data/category-repository.ts";
import { inLocale } from "../in-locale.ts";
import { presentCategory } from "../present.ts";

export const listCategories = action("catalog.categories.list", async (context, dependencies) => {
  const { params, fail } = context;
  const { categories, locales, imagePresenter } = dependencies;
  const parent = params.parent === undefined ? undefined : await categories.named(params.parent);
  if (params.parent !== undefined && !parent) throw fail("not-found", "Parent category not found");
  const page = await categories.list(parent?.id, params);
  const present = (category: Category) =>
    presentCategory(inLocale(category, params.locale, locales), imagePresenter.in(params.locale));
  return { ...page, items: page.items.map(present) };
});
