import { action } from "../catalog.dependencies.ts";
import { presentSummary } from "../present.ts";
import { maySee } from "../visibility.ts";

export const listProducts = action("catalog.products.list", async (context, { categories, products, currency }) => {
  const { params, caller, fail } = context;
  const { q = "", category: named, status = "published", minPrice, maxPrice, inStock, ...request } = params;
  if (!maySee(caller, status)) throw fail("forbidden", undefined, { permission: "catalog:write" });

  const category = named === undefined ? undefined : await categories.byIdOrSlug(named);
  if (named !== undefined && !category) throw fail("not-found", "There is no such category");
  const page = await products.list({ status, search: q, category, minPrice, maxPrice, inStock }, request);
  return { ...page, items: page.items.map((product) => presentSummary(product, currency)) };
});
