import { presentFavourite, productsOnSale } from "../present.ts";
import { action } from "../favourites.dependencies.ts";

export const listProducts = action(
  "favourites.list",
  async ({ params, caller, call }, { favourites, currency }) => {
    const page = await favourites.list(caller.userId, params.productId, params);
    const ids = page.items.map(({ productId }) => productId);
    const onSale = await productsOnSale(ids, params.locale, call);
    return { ...page, items: page.items.map((each) => presentFavourite(each, onSale, currency)) };
  },
);
