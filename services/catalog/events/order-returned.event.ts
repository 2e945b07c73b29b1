import { actorText } from "../../../mixins/contract/caller.ts";
import { on } from "../catalog.dependencies.ts";
import { returnGoods } from "../domain/reservation.ts";

/** Puts returned goods back on sale, or writes them off. */
export const orderReturned = on("orders.returned", async (event, tx, { reservations, stock }) => {
  const { orderId, lines, restocked, reason } = event.payload;
  const [reservation] = await reservations.lock([orderId], tx);
  if (!reservation) throw new Error(`goods of order ${orderId} were returned, but it has no reservation`);
  const { moves, returned } = returnGoods(reservation, lines, restocked);
  for (const { variantId, quantity } of returned)
    await reservations.addReturned(orderId, variantId, quantity, tx);
  const note = { orderId, reason, actor: actorText(event.actor), at: event.occurredAt };
  const refused = await stock.move(moves, note, tx);
  if (refused.length > 0)
    throw new Error(`stock of ${refused.join(", ")} cannot be written off for order ${orderId}`);
});
