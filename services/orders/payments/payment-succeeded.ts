import type { Tx } from "../../../mixins/database/database.ts";
import type { Payment } from "../data/payment-repository.ts";
import type { OrderWithLines } from "../domain/order-model.ts";
import { pay } from "../domain/order.ts";
import { illegalTransition } from "../domain/order-status.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentParts, presentPayment, presentSoldLines } from "../present.ts";
import { requestRefund } from "./request-refund.ts";

type Needs = Pick<OrdersDependencies, "orders" | "parts" | "payments" | "refunds" | "timeline">;

/**
 * Applies received money to its locked order: pays it while it awaits payment, otherwise refunds the money.
 *
 * @param actor source of the report, for the timeline
 * @throws ShopError `illegal-transition` when the order changed in spite of the lock
 */
export async function paymentSucceeded(
  payment: Payment,
  order: OrderWithLines,
  actor: string,
  now: number,
  tx: Tx,
  needs: Needs,
): Promise<void> {
  if (order.status !== "placed") {
    const unpaid = order.status === "cancelled" || order.status === "expired";
    const reason = `The order was ${unpaid ? order.status : "paid"} already`;
    await requestRefund(
      order,
      { amount: payment.amount, cause: "late-payment", reason, shares: [], payment },
      now,
      tx,
      needs,
    );
    return;
  }
  const paid = pay(order, now);
  if (!(await needs.orders.update(paid, tx)))
    throw illegalTransition(order.status, "The order has changed meanwhile");
  await needs.timeline.add(paid, { event: "paid", actor, reason: null }, tx);
  const { id: orderId, number, customerId } = order;
  tx.publish("orders.paid", {
    orderId,
    number,
    customerId,
    payment: presentPayment(payment),
    lines: presentSoldLines(order),
    parts: presentParts(order),
    couponMerchantId: order.couponMerchantId ?? undefined,
  });
}
