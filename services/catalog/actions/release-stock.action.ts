import { actorOf } from "../../contract/caller.ts";
import { action } from "../catalog.dependencies.ts";
import { actorText } from "../domain/actor-text.ts";
import { settleReservation } from "../settle-reservation.ts";

/** The undo of `reserve-stock`. A reservation whose order was placed is left alone. */
export const releaseStock = action("catalog.stock.release", async (context, dependencies) => {
  const { params, caller, now, transaction } = context;
  const note = { actor: actorText(actorOf(caller)), reason: "checkout given up", at: now };
  await transaction((tx) => settleReservation(params.orderId, "abandoned", note, tx, dependencies));
  return null;
});
