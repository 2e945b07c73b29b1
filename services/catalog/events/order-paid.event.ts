import { on } from "../catalog.dependencies.ts";
import { actorText } from "../domain/actor-text.ts";
import { settleReservation } from "../settle-reservation.ts";

/** What was reserved is sold. */
export const orderPaid = on("orders.paid", async (event, tx, dependencies) => {
  const note = { actor: actorText(event.actor), reason: null, at: event.occurredAt };
  await settleReservation(event.payload.orderId, "paid", note, tx, dependencies);
});
