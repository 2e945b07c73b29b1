import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { arrivedAt, partOf } from "../domain/after-sale.ts";
import { keptByCustomer, unpacked } from "../domain/fulfilment.ts";
import { refundValue } from "../domain/order.ts";
import { action } from "../orders.dependencies.ts";

export const getAfterSaleGoods = action(
  "orders.after-sales.goods",
  async ({ params, fail }, { orders, shipments }) => {
    const order = await orders.byId(params.orderId, params.customerId);
    if (!order) throw fail("not-found");
    const { currency } = order;
    const wanted = params.lines ?? order.lines.map(({ id: lineId, quantity }) => ({ lineId, quantity }));
    const deliveries = await shipments.deliveries(order.id);
    const lines = wanted.map(({ lineId, quantity }) => {
      const line = order.lines.find(({ id }) => id === lineId);
      if (!line) throw fail("not-found", "The order has no such line", { lineId });
      const {
        variantId,
        productId,
        merchantId,
        partId,
        sku,
        name,
        options,
        returnedQuantity: returned,
      } = line;
      const part = partOf(order, line);
      const arrival = part ? arrivedAt(part, deliveries.get(part.id)) : null;
      const pieces = Math.min(quantity, line.quantity - returned);
      return {
        lineId,
        variantId,
        productId,
        merchantId,
        partId,
        status: part?.status ?? order.status,
        arrivedAt: arrival === null ? null : toTimestamp(arrival),
        sku,
        name,
        options: { ...options },
        bought: line.quantity,
        returned,
        unpacked: unpacked(line),
        kept: keptByCustomer(line),
        worth: { amount: refundValue(line, pieces), currency },
      };
    });
    return { orderId: order.id, number: order.number, currency, lines };
  },
);
