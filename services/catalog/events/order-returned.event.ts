import { on } from "../catalog.dependencies.ts";
import { actorText } from "../domain/actor-text.ts";
import { takeBack } from "../domain/reservation.ts";

/** Goods came back: they go on sale again, or are written off. */
export const orderReturned = on("orders.returned", async (event, tx, { reservations, stock }) => {
  const { orderId, lines, restocked, reason } = event.payload;
  const [reservation] = await reservations.lock([orderId], tx);
  if (!reservation) throw new Error(`goods of order ${orderId} came back, but it has no reservation`);
  const { moves, returned } = takeBack(reservation, lines, restocked);
  for (const { variantId, quantity } of returned) await reservations.addReturned(orderId, variantId, quantity, tx);
  const note = { orderId, reason, actor: actorText(event.actor), at: event.occurredAt };
  const refused = await stock.move(moves, note, tx);
  if (refused.length > 0) throw new Error(`stock of ${refused.join(", ")} cannot be written off for order ${orderId}`);
});
