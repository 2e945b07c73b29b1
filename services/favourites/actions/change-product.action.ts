import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { presentFavourite, productsOnSale } from "../present.ts";
import { action } from "../favourites.dependencies.ts";

export const changeProduct = action("favourites.update", async (context, { favourites, currency }) => {
  const { params, caller, now, call, transaction, fail } = context;
  const changed = await transaction(async (tx) => {
    const before = await favourites.find(caller.userId, params.id, tx);
    if (!before) throw fail("not-found");
    assertVersion(before, params);
    const note = params.note === undefined ? before.note : params.note;
    if (note === before.note) return before;
    if (!(await favourites.setNote(before, note, now, tx))) throw fail("precondition-failed");
    tx.publish("favourites.updated", { id: before.id, ownerId: before.ownerId });
    return { ...before, note, version: before.version + 1, updatedAt: now };
  });
  return presentFavourite(changed, await productsOnSale([changed.productId], params.locale, call), currency);
});
