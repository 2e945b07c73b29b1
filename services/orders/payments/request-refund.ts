import type { Tx } from "../../../mixins/database/database.ts";
import { newId } from "../../contract/ids.ts";
import type { Payment } from "../data/payment-repository.ts";
import type { Refund } from "../data/refund-repository.ts";
import type { Order } from "../domain/order.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentRefund } from "../present.ts";

export interface RefundRequest {
  /** Minor units. */
  readonly amount: number;
  readonly cause: Refund["cause"];
  readonly reason: string | null;
  /** The one whose money goes back; the one that paid the order when absent. */
  readonly payment?: Payment;
}

/**
 * Makes money due back, in the transaction that is the reason for it. It is given afterwards by the job that gives
 * refunds, outside any transaction.
 *
 * @throws Error when no payment has that much left: what the order says was paid and what its payments say differ
 */
export async function requestRefund(
  order: Order,
  { amount, cause, reason, payment }: RefundRequest,
  now: number,
  tx: Tx,
  { payments, refunds }: Pick<OrdersDependencies, "payments" | "refunds">,
): Promise<Refund> {
  const from = payment ?? (await payments.ofOrder(order.id, tx)).find((one) => hasLeft(one, amount));
  if (!from || !(await payments.takeRefund(from.id, amount, tx)))
    throw new Error(`no payment of order ${order.id} has ${amount} left to be refunded`);
  const refund: Refund = {
    id: newId(),
    orderId: order.id,
    paymentId: from.id,
    amount,
    currency: from.currency,
    cause,
    reason,
    status: "requested",
    reference: null,
    failure: null,
    attempts: 0,
    round: 0,
    requestedAt: now,
    settledAt: null,
  };
  await refunds.insert(refund, tx);
  const { id: orderId, number, customerId } = order;
  tx.publish("orders.refund-requested", { orderId, number, customerId, refund: presentRefund(refund) });
  return refund;
}

function hasLeft({ status, amount, refunded }: Payment, wanted: number): boolean {
  return status === "succeeded" && amount - refunded >= wanted;
}
