import { on } from "../catalog.dependencies.ts";
import { actorText } from "../domain/actor-text.ts";
import { settleReservation } from "../settle-reservation.ts";

/** What was reserved, or sold and not yet given back, goes back on sale. */
export const orderCancelled = on("orders.cancelled", async (event, tx, dependencies) => {
  const note = { actor: actorText(event.actor), reason: event.payload.reason, at: event.occurredAt };
  await settleReservation(event.payload.orderId, "undone", note, tx, dependencies);
});
