import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { action } from "../favourites.dependencies.ts";

export const removeProduct = action("favourites.remove", async (context, { favourites, counts }) => {
  const { params, caller, transaction, fail } = context;
  await transaction(async (tx) => {
    const favourite = await favourites.find(caller.userId, params.id, tx);
    if (!favourite) throw fail("not-found");
    assertVersion(favourite, params);
    const { expectedVersion } = params;
    if (!(await favourites.remove(favourite, expectedVersion, tx)))
      throw fail(expectedVersion === undefined ? "not-found" : "precondition-failed");
    await counts.change([favourite.productId], -1, tx);
    tx.publish("favourites.removed", { id: favourite.id, ownerId: favourite.ownerId });
  });
  return null;
});
