import { action } from "../catalog.dependencies.ts";

export const listProductNames = action("catalog.products.names", async ({ params }, { products }) => {
  return products.namesAndCategories(params.ids);
});
