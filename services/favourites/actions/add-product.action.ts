import { newId } from "../../../mixins/contract/ids.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { Favourite } from "../data/favourite-repository.ts";
import { presentFavourite, productsOnSale } from "../present.ts";
import type { FavouritesDependencies } from "../favourites.dependencies.ts";
import { action } from "../favourites.dependencies.ts";

const favouritesPerOwner = 1000;

/** Adds a product on sale with its price of now, or returns the favourite that it is already. */
export const addProduct = action("favourites.create", async (context, dependencies) => {
  const { params, caller, now, call, transaction, fail } = context;
  const onSale = await productsOnSale([params.productId], params.locale, call);
  const product = onSale.get(params.productId);
  if (!product) throw fail("not-found");
  const added: Favourite = {
    id: newId(),
    ownerId: caller.userId,
    productId: product.id,
    note: params.note ?? null,
    priceMinor: product.priceFrom?.amount ?? null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  const favourite = await transaction((tx) => add(added, tx, dependencies));
  return presentFavourite(favourite, onSale, dependencies.currency);
});

/**
 * Of concurrent requests for the same product, one adds and counts it, and the others find it.
 *
 * @throws ShopError `limit-reached`
 */
async function add(
  added: Favourite,
  tx: Tx,
  { favourites, counts }: FavouritesDependencies,
): Promise<Favourite> {
  const { id, ownerId, productId } = added;
  const known = await favourites.ofProduct(ownerId, productId, tx);
  if (known) return known;
  if ((await favourites.lockAndCount(ownerId, tx)) >= favouritesPerOwner)
    throw new ShopError("limit-reached", `There can be at most ${favouritesPerOwner}`, {
      limit: favouritesPerOwner,
    });
  if (await favourites.insert(added, tx)) {
    await counts.increase(productId, tx);
    tx.publish("favourites.created", { id, ownerId });
    return added;
  }
  const other = await favourites.ofProduct(ownerId, productId, tx);
  if (!other) throw new ShopError("unavailable");
  return other;
}
