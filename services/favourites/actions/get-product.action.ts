import { presentFavourite, productsOnSale } from "../present.ts";
import { action } from "../favourites.dependencies.ts";

export const getProduct = action(
  "favourites.get",
  async ({ params, caller, call, fail }, { favourites, currency }) => {
    const favourite = await favourites.find(caller.userId, params.id);
    if (!favourite) throw fail("not-found");
    const onSale = await productsOnSale([favourite.productId], params.locale, call);
    return presentFavourite(favourite, onSale, currency);
  },
);
