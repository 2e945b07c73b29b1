import { action } from "../orders.dependencies.ts";
import { presentRefund } from "../present.ts";

export const retryRefund = action("orders.refunds.retry", async (context, { orders, refunds }) => {
  const { params, now, transaction, fail } = context;
  return transaction(async (tx) => {
    const order = await orders.byId(params.id, undefined, tx);
    const asked = order && (await refunds.askAgain(params.refundId, order.id, now, tx));
    const refund = order && (await refunds.byId(params.refundId, tx));
    if (!order || refund?.orderId !== order.id) throw fail("not-found");
    const presented = presentRefund(refund);
    const { id: orderId, number, customerId } = order;
    if (asked) tx.publish("orders.refund-requested", { orderId, number, customerId, refund: presented });
    return presented;
  });
});
