import { actorText } from "../../../mixins/contract/caller.ts";
import { on } from "../catalog.dependencies.ts";
import { returnGoods } from "../domain/reservation.ts";
import { settleReservation } from "../reservations/settle-reservation.ts";

/**
 * Marks a replacement as sold, and puts the goods that came back for it on sale again, or writes them off. Both
 * are of the same variants, so both are booked on the replacement's reservation: that of the order stays as it
 * is, and what the customer has can be returned later.
 */
export const goodsReplaced = on("after-sales.replaced", async (event, tx, dependencies) => {
  const { replacementId, lines, restocked, reason } = event.payload;
  const note = { actor: actorText(event.actor), reason, at: event.occurredAt };
  await settleReservation(replacementId, "paid", note, tx, dependencies);
  const { reservations, stock } = dependencies;
  const [reservation] = await reservations.lock([replacementId], tx);
  if (!reservation) throw new Error(`replacement ${replacementId} was sent, but it has no reservation`);
  const { moves, returned } = returnGoods(reservation, lines, restocked);
  for (const { variantId, quantity } of returned)
    await reservations.addReturned(replacementId, variantId, quantity, tx);
  const refused = await stock.move(moves, { ...note, orderId: replacementId }, tx);
  if (refused.length > 0)
    throw new Error(`stock of ${refused.join(", ")} cannot be written off for replacement ${replacementId}`);
});
