import { actorOf } from "../../contract/caller.ts";
import { newId } from "../../contract/ids.ts";
import { fingerprintOf } from "../domain/fingerprint.ts";
import { dispatch } from "../domain/shipment.ts";
import { action } from "../orders.dependencies.ts";
import { presentActor, presentShipment } from "../present.ts";
import { saveDispatched } from "../shipping/save-dispatched.ts";

export const createShipment = action("orders.shipments.create", async (context, dependencies) => {
  const { params, caller, now, transaction, fail, markReplayed } = context;
  const { orders, shipments, keys } = dependencies;
  const actor = presentActor(actorOf(caller));
  const { idempotencyKey, status, lines, carrier = null, trackingNumber = null } = params;
  const request = { scope: `shipments.create ${actor}`, idempotencyKey, fingerprint: fingerprintOf(params), now };

  const { result, replayed } = await transaction((tx) =>
    keys.once(request, tx, async () => {
      const order = await orders.forChange(params.id, undefined, tx);
      if (!order) throw fail("not-found");
      const dispatched = dispatch(order, { id: newId(), status, carrier, trackingNumber }, lines, now);
      await shipments.insert(dispatched.shipment, tx);
      await saveDispatched(dispatched, { event: status, actor, reason: params.reason }, tx, dependencies);
      return presentShipment(dispatched.shipment);
    }),
  );
  if (replayed) markReplayed();
  return result;
});
