import { action } from "../orders.dependencies.ts";
import { presentRefund, presentShares } from "../present.ts";

export const retryRefund = action("orders.refunds.retry", async (context, { orders, refunds, parts }) => {
  const { params, now, transaction, fail } = context;
  return transaction(async (tx) => {
    const order = await orders.byId(params.id, undefined, tx);
    const reopened = order && (await refunds.reopen(params.refundId, order.id, now, tx));
    const refund = order && (await refunds.byId(params.refundId, tx));
    if (!order || refund?.orderId !== order.id) throw fail("not-found");
    const presented = presentRefund(refund);
    const { id: orderId, number, customerId } = order;
    if (reopened) {
      const shares = presentShares(await parts.sharesOf(refund.id, order, tx), refund.currency);
      tx.publish("orders.refund-requested", {
        orderId,
        number,
        customerId,
        refund: presented,
        parts: shares,
      });
    }
    return presented;
  });
});
