import { action } from "../catalog.dependencies.ts";
import { presentCategory } from "../present.ts";

export const listCategories = action("catalog.categories.list", async ({ params, fail }, { categories }) => {
  const parent = params.parent === undefined ? undefined : await categories.byIdOrSlug(params.parent);
  if (params.parent !== undefined && !parent) throw fail("not-found", "There is no such parent category");
  const page = await categories.list(parent?.id, params);
  return { ...page, items: page.items.map(presentCategory) };
});
