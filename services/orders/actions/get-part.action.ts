import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../orders.dependencies.ts";
import { presentPart } from "../present-part.ts";

export const getPart = action(
  "orders.parts.get",
  async ({ params, caller, fail }, { orders, parts, shipments, returns }) => {
    const orderId = await parts.orderOf(params.id, merchantFilter(caller, "orders:read"));
    const order = orderId === undefined ? undefined : await orders.byId(orderId, undefined);
    const part = order?.parts.find(({ id }) => id === params.id);
    if (!order || !part) throw fail("not-found");
    const sent = await shipments.ofOrder(order.id);
    return presentPart(order, part, sent, await returns.ofOrder(order.id));
  },
);
