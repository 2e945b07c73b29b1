import { actorText } from "../../../mixins/contract/caller.ts";
import { on } from "../catalog.dependencies.ts";
import { settleReservation } from "../reservations/settle-reservation.ts";

/** Puts the stock of a replacement that is not to be sent back on sale. */
export const replacementReleased = on("after-sales.replacement-released", async (event, tx, dependencies) => {
  const note = { actor: actorText(event.actor), reason: "no replacement is sent", at: event.occurredAt };
  await settleReservation(event.payload.replacementId, "undone", note, tx, dependencies);
});
