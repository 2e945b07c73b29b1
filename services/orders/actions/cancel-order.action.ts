import { actorOf, may, ownerFilter } from "../../contract/caller.ts";
import { cancel } from "../domain/order.ts";
import { action } from "../orders.dependencies.ts";
import { requestRefund } from "../payments/request-refund.ts";
import { presentActor, presentOrder } from "../present.ts";

/** Cancelling what is cancelled changes nothing and answers with the order. */
export const cancelOrder = action("orders.cancel", async (context, dependencies) => {
  const { orders, shipments, redemptions, timeline } = dependencies;
  const { params, caller, now, transaction, fail } = context;
  const by = may(caller, "orders:write") ? "staff" : "customer";
  return transaction(async (tx) => {
    const order = await orders.forChange(params.id, ownerFilter(caller, "orders:write"), tx);
    if (!order) throw fail("not-found");
    if (order.status === "cancelled") return presentOrder(order);

    const cancelled = cancel(order, by, now);
    if (!(await orders.update(cancelled, tx))) throw fail("illegal-transition", undefined, { from: order.status });
    await shipments.unpackAll(order.id, now, tx);
    await timeline.add(cancelled, { event: "cancelled", actor: presentActor(actorOf(caller)), reason: params.reason }, tx);
    const amount = cancelled.refunded - order.refunded;
    const refund = { amount, cause: "cancellation", reason: params.reason } as const;
    if (amount > 0) await requestRefund(cancelled, refund, now, tx, dependencies);
    tx.publish("orders.cancelled", {
      orderId: order.id,
      number: order.number,
      customerId: order.customerId,
      reason: params.reason,
      refund: { amount, currency: order.currency },
    });
    await redemptions.giveBack([order.id], now, tx);
    return presentOrder(cancelled);
  });
});
