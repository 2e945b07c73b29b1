import { actorText } from "../../../mixins/contract/caller.ts";
import { on } from "../catalog.dependencies.ts";
import { settleReservation } from "../reservations/settle-reservation.ts";

/** Puts reserved and unreturned sold stock back on sale. */
export const orderCancelled = on("orders.cancelled", async (event, tx, dependencies) => {
  const note = { actor: actorText(event.actor), reason: event.payload.reason, at: event.occurredAt };
  await settleReservation(event.payload.orderId, "undone", note, tx, dependencies);
});
