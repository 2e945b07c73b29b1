import { actorOf, actorText, merchantFilter } from "../../../mixins/contract/caller.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import { dispatch } from "../domain/shipment.ts";
import { action } from "../orders.dependencies.ts";
import { presentShipment } from "../present.ts";
import { saveDispatched } from "../shipping/save-dispatched.ts";

export const createShipment = action("orders.shipments.create", async (context, dependencies) => {
  const { params, caller, now, transaction, fail, markReplayed } = context;
  const { orders, shipments, keys } = dependencies;
  const actor = actorText(actorOf(caller));
  const { idempotencyKey, status, lines, carrier = null, trackingNumber = null } = params;
  const request = {
    scope: `shipments.create ${actor}`,
    idempotencyKey,
    fingerprint: fingerprintOf(params),
    now,
  };

  const { result, replayed } = await transaction((tx) =>
    keys.once(request, tx, async () => {
      const merchants = merchantFilter(caller, "orders:write");
      const order = await orders.lockFor(params.id, merchants, tx);
      if (!order) throw fail("not-found");
      const shipment = { id: newId(), status, carrier, trackingNumber };
      const dispatched = dispatch(order, shipment, lines, now, merchants);
      await shipments.insert(dispatched.shipment, tx);
      await saveDispatched(dispatched, { event: status, actor, reason: params.reason }, tx, dependencies);
      return presentShipment(dispatched.shipment);
    }),
  );
  if (replayed) markReplayed();
  return result;
});
