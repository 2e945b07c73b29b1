import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { action } from "../catalog.dependencies.ts";
import { settleReservation } from "../reservations/settle-reservation.ts";

/** Compensates `reserve-stock`. A reservation whose order was placed stays. */
export const releaseStock = action("catalog.stock.release", async (context, dependencies) => {
  const { params, caller, now, transaction } = context;
  const note = { actor: actorText(actorOf(caller)), reason: "checkout abandoned", at: now };
  await transaction((tx) => settleReservation(params.orderId, "abandoned", note, tx, dependencies));
  return null;
});
