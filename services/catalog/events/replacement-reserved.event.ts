import { actorText } from "../../../mixins/contract/caller.ts";
import { on } from "../catalog.dependencies.ts";
import { settleReservation } from "../reservations/settle-reservation.ts";

/** Commits the reservation of a replacement that was promised. */
export const replacementReserved = on("after-sales.replacement-reserved", async (event, tx, dependencies) => {
  const note = { actor: actorText(event.actor), reason: null, at: event.occurredAt };
  await settleReservation(event.payload.replacementId, "placed", note, tx, dependencies);
});
