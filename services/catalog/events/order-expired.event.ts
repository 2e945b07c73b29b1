import { actorText } from "../../../mixins/contract/caller.ts";
import { on } from "../catalog.dependencies.ts";
import { settleReservation } from "../reservations/settle-reservation.ts";

/** Puts reserved stock back on sale. */
export const orderExpired = on("orders.expired", async (event, tx, dependencies) => {
  const note = { actor: actorText(event.actor), reason: "not paid in time", at: event.occurredAt };
  await settleReservation(event.payload.orderId, "undone", note, tx, dependencies);
});
