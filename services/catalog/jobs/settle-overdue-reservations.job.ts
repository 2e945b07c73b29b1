import { actorText } from "../../../mixins/contract/caller.ts";
import type { JobContext } from "../../../mixins/service/jobs.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import { job } from "../catalog.dependencies.ts";
import type { LeaseHolder } from "../domain/reservation.ts";
import { leaseHolders } from "../domain/reservation.ts";
import { settleReservation } from "../reservations/settle-reservation.ts";

const batch = 100;
const actor = actorText({ kind: "system", id: "catalog.settle-overdue-reservations" });

interface Settled {
  readonly id: string;
  readonly outcome: "placed" | "abandoned";
}

/** How each holder of leases decides, for good. */
const deciders: Readonly<
  Record<LeaseHolder, (call: JobContext["call"], ids: string[]) => Promise<readonly Settled[]>>
> = {
  orders: async (call, orderIds) =>
    (await call("orders.checkouts.settle", { orderIds })).map(({ orderId, outcome }) => ({
      id: orderId,
      outcome,
    })),
  "after-sales": (call, ids) => call("after-sales.replacements.settle", { ids }),
};

/**
 * Settles reservations with an expired lease. Whether the order was placed, or the replacement promised, only
 * the holder's service knows; its answer is final. Stock stays reserved while that service is unavailable.
 */
export const settleOverdueReservations = job({
  name: "settle-overdue-reservations",
  once: "node",
  every: (config) => config.sweepIntervalMs,
  async run(context, dependencies) {
    const outcomes = await Promise.allSettled(
      leaseHolders.map((holder) => settleOverdueOf(holder, context, dependencies)),
    );
    // An unavailable service delays its own reservations only.
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
  },
});

async function settleOverdueOf(
  holder: LeaseHolder,
  { now, call, transaction, log }: JobContext,
  dependencies: CatalogDependencies,
): Promise<void> {
  let settled = batch;
  while (settled === batch) {
    const ids = await dependencies.reservations.overdue(holder, now, batch);
    if (ids.length === 0) return;
    settled = 0;
    for (const { id, outcome } of await deciders[holder](call, ids)) {
      const note = { actor, reason: outcome === "abandoned" ? "checkout abandoned" : null, at: now };
      try {
        await transaction((tx) => settleReservation(id, outcome, note, tx, dependencies));
        settled += 1;
      } catch (error) {
        // One failure must not delay the others.
        log.error(`settling the reservation ${id} failed`, error);
      }
    }
  }
}
