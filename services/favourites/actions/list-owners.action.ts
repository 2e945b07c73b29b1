import { action } from "../favourites.dependencies.ts";

export const listOwners = action("favourites.owners.list", async ({ params }, { favourites }) => {
  const items = await favourites.ownersOf(params.productId, params.after ?? "", params.limit);
  return { items, last: items.at(-1)?.ownerId ?? null };
});
