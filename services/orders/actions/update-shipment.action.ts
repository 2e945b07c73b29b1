import { actorOf, actorText, merchantFilter } from "../../../mixins/contract/caller.ts";
import { assertLinesOf } from "../domain/order.ts";
import type { Shipment } from "../domain/shipment.ts";
import { advanceShipment } from "../domain/shipment.ts";
import { action } from "../orders.dependencies.ts";
import { presentShipment } from "../present.ts";
import { saveDispatched, shipmentPayload } from "../shipping/save-dispatched.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";

const eventOf = { shipped: "shipped", delivered: "delivered", cancelled: "unpacked" } as const;

/** Idempotent: repeating the current state returns the shipment. */
export const updateShipment = action("orders.shipments.update", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { orders, shipments } = dependencies;
  const actor = actorText(actorOf(caller));
  return transaction(async (tx) => {
    const merchants = merchantFilter(caller, "orders:write");
    const order = await orders.lockFor(params.id, merchants, tx);
    const known = order && (await shipments.byId(order.id, params.shipmentId, tx));
    if (!order || !known) throw fail("not-found");
    assertLinesOf(merchants, order, known.lines);
    assertVersion(known, params);

    const corrected: Shipment = {
      ...known,
      carrier: params.carrier === undefined ? known.carrier : params.carrier,
      trackingNumber: params.trackingNumber === undefined ? known.trackingNumber : params.trackingNumber,
    };
    if (params.status === undefined || params.status === known.status) {
      if (corrected.carrier === known.carrier && corrected.trackingNumber === known.trackingNumber)
        return presentShipment(known);
      const saved = { ...corrected, version: known.version + 1, updatedAt: now };
      if (!(await shipments.update(saved, tx))) throw fail("precondition-failed");
      tx.publish("orders.shipment-changed", shipmentPayload(order, saved));
      return presentShipment(saved);
    }

    const moved = advanceShipment(order, corrected, params.status, now);
    if (!(await shipments.update(moved.shipment, tx))) throw fail("precondition-failed");
    await saveDispatched(
      moved,
      { event: eventOf[params.status], actor, reason: params.reason },
      tx,
      dependencies,
    );
    return presentShipment(moved.shipment);
  });
});
