import { ownerFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../orders.dependencies.ts";
import { presentOrder } from "../present.ts";

export const getOrder = action("orders.get", async ({ params, caller, fail }, { orders }) => {
  const order = await orders.byId(params.id, ownerFilter(caller, "orders:read"));
  if (!order) throw fail("not-found");
  return presentOrder(order);
});
