import { actorOf, actorText, may, ownerFilter } from "../../../mixins/contract/caller.ts";
import { cancel } from "../domain/order.ts";
import { refundedShares } from "../domain/part.ts";
import { limitMoney, moneyAction } from "../money/limit-money.ts";
import { requestRefund } from "../payments/request-refund.ts";
import { presentOrder } from "../present.ts";

/** Idempotent: cancelling a cancelled order returns it. */
export const cancelOrder = moneyAction("orders.cancel", async (context, dependencies) => {
  const { orders, shipments, redemptions, timeline } = dependencies;
  const { params, caller, now, transaction, fail } = context;
  const by = may(caller, "orders:write") ? "staff" : "customer";
  return transaction(async (tx) => {
    const order = await orders.lock(params.id, ownerFilter(caller, "orders:write"), tx);
    if (!order) throw fail("not-found");
    if (order.status === "cancelled") return presentOrder(order);

    const cancelled = cancel(order, by, now);
    if (!(await orders.update(cancelled, tx)))
      throw fail("illegal-transition", undefined, { from: order.status });
    await shipments.unpackAll(order.id, now, tx);
    await timeline.add(
      cancelled,
      { event: "cancelled", actor: actorText(actorOf(caller)), reason: params.reason },
      tx,
    );
    const amount = cancelled.refunded - order.refunded;
    if (by === "staff") await limitMoney("orders.cancel", amount, context, tx, dependencies);
    const shares = refundedShares(order.parts, cancelled.parts);
    const refund = { amount, cause: "cancellation", reason: params.reason, shares } as const;
    if (amount > 0) await requestRefund(cancelled, refund, now, tx, dependencies);
    tx.publish("orders.cancelled", {
      orderId: order.id,
      number: order.number,
      customerId: order.customerId,
      reason: params.reason,
      refund: { amount, currency: order.currency },
    });
    await redemptions.release([order.id], now, tx);
    return presentOrder(cancelled);
  });
});
