import { ownerFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../orders.dependencies.ts";
import { presentShipment } from "../present.ts";

export const getShipment = action(
  "orders.shipments.get",
  async ({ params, caller, fail }, { orders, shipments }) => {
    if (!(await orders.exists(params.id, ownerFilter(caller, "orders:read")))) throw fail("not-found");
    const shipment = await shipments.byId(params.id, params.shipmentId);
    if (!shipment) throw fail("not-found");
    return presentShipment(shipment);
  },
);
