import { isProtectedBy } from "../../../config/protections.ts";
import { job } from "../catalog.dependencies.ts";
import { actorText } from "../domain/actor-text.ts";
import { settleReservation } from "../settle-reservation.ts";

const batch = 100;
const actor = actorText({ kind: "system", id: "catalog.settle-overdue-reservations" });

/**
 * A lease that ran out does not mean that the order was not placed: only the orders service knows. What it answers is
 * final. While it cannot be asked, stock stays reserved.
 */
export const settleOverdueReservations = job({
  name: "settle-overdue-reservations",
  every: (config) => config.sweepIntervalMs,
  async run({ now, call, transaction, log }, dependencies) {
    let settled = isProtectedBy("lease-expiry") ? batch : 0;
    while (settled === batch) {
      const orderIds = await dependencies.reservations.overdue(now, batch);
      if (orderIds.length === 0) return;
      settled = 0;
      for (const { orderId, outcome } of await call("orders.checkouts.settle", { orderIds })) {
        const note = { actor, reason: outcome === "abandoned" ? "checkout abandoned" : null, at: now };
        try {
          await transaction((tx) => settleReservation(orderId, outcome, note, tx, dependencies));
          settled += 1;
        } catch (error) {
          // The others must not wait for it.
          log.error(`the reservation of order ${orderId} cannot be settled`, error);
        }
      }
    }
  },
});
