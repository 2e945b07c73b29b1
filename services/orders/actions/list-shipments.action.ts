import { ownerFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../orders.dependencies.ts";
import { presentShipment } from "../present.ts";

export const listShipments = action(
  "orders.shipments.list",
  async ({ params, caller, fail }, { orders, shipments }) => {
    if (!(await orders.exists(params.id, ownerFilter(caller, "orders:read")))) throw fail("not-found");
    return { items: (await shipments.ofOrder(params.id)).map(presentShipment) };
  },
);
