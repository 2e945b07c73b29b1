import { actorText } from "../../../mixins/contract/caller.ts";
import { on } from "../catalog.dependencies.ts";
import { settleReservation } from "../reservations/settle-reservation.ts";

/** Marks reserved stock as sold. */
export const orderPaid = on("orders.paid", async (event, tx, dependencies) => {
  const note = { actor: actorText(event.actor), reason: null, at: event.occurredAt };
  await settleReservation(event.payload.orderId, "paid", note, tx, dependencies);
});
