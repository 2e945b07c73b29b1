import { action } from "../catalog.dependencies.ts";
import { presentCategory } from "../present.ts";

const childrenShown = 100;

export const getCategory = action("catalog.categories.get", async ({ params, fail }, { categories }) => {
  const category = await categories.byIdOrSlug(params.idOrSlug);
  if (!category) throw fail("not-found");
  const ancestors = await categories.above(category);
  const children = await categories.children(category.id, childrenShown);
  return {
    ...presentCategory(category),
    ancestors: ancestors.map(presentCategory),
    children: children.map(presentCategory),
  };
});
