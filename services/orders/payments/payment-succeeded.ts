import type { Tx } from "../../../mixins/database/database.ts";
import type { Payment } from "../data/payment-repository.ts";
import type { OrderWithLines } from "../domain/order.ts";
import { pay } from "../domain/order.ts";
import { illegalTransition } from "../domain/order-status.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentPayment } from "../present.ts";
import { requestRefund } from "./request-refund.ts";

type Needs = Pick<OrdersDependencies, "orders" | "payments" | "refunds" | "timeline">;

/**
 * What money that came in means for its order, which must be locked: while it waits for payment, it is paid; when it
 * does not any more, the money goes back by itself.
 *
 * @param actor on whose word, as the timeline has it
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
    await requestRefund(order, { amount: payment.amount, cause: "late-payment", reason, payment }, now, tx, needs);
    return;
  }
  const paid = pay(order, now);
  if (!(await needs.orders.update(paid, tx))) throw illegalTransition(order.status, "The order has changed meanwhile");
  await needs.timeline.add(paid, { event: "paid", actor, reason: null }, tx);
  const { id: orderId, number, customerId } = order;
  tx.publish("orders.paid", { orderId, number, customerId, payment: presentPayment(payment) });
}
