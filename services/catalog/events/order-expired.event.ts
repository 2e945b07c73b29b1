import { on } from "../catalog.dependencies.ts";
import { actorText } from "../domain/actor-text.ts";
import { settleReservation } from "../settle-reservation.ts";

/** What was reserved goes back on sale. */
export const orderExpired = on("orders.expired", async (event, tx, dependencies) => {
  const note = { actor: actorText(event.actor), reason: "not paid in time", at: event.occurredAt };
  await settleReservation(event.payload.orderId, "undone", note, tx, dependencies);
});
