import type { Tx } from "../../../mixins/database/database.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { Payment } from "../data/payment-repository.ts";
import type { Refund } from "../data/refund-repository.ts";
import type { Order } from "../domain/order-model.ts";
import type { PartShare } from "../domain/part.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentRefund, presentShares } from "../present.ts";

export interface RefundRequest {
  /** Minor units. */
  readonly amount: number;
  readonly cause: Refund["cause"];
  readonly reason: string | null;
  /** Its shares by part; none of a late payment, which belongs to no part. */
  readonly shares: readonly PartShare[];
  /** The payment to refund; default: the one that paid the order. */
  readonly payment?: Payment;
}

/**
 * Makes a refund due, in the transaction that causes it. The refund job executes it later, outside
 * transactions.
 *
 * @throws Error when no payment has that much left: order and payments disagree
 */
export async function requestRefund(
  order: Order,
  { amount, cause, reason, shares, payment }: RefundRequest,
  now: number,
  tx: Tx,
  { payments, refunds, parts }: Pick<OrdersDependencies, "payments" | "refunds" | "parts">,
): Promise<Refund> {
  const from = payment ?? (await payments.ofOrder(order.id, tx)).find((one) => hasLeft(one, amount));
  if (!from || !(await payments.addRefunded(from.id, amount, tx)))
    throw new Error(`no payment of order ${order.id} has ${amount} left to refund`);
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
  await parts.insertShares(
    shares.map((share) => ({ refundId: refund.id, ...share })),
    tx,
  );
  const { id: orderId, number, customerId } = order;
  tx.publish("orders.refund-requested", {
    orderId,
    number,
    customerId,
    refund: presentRefund(refund),
    parts: presentShares(shares, refund.currency),
  });
  return refund;
}

function hasLeft({ status, amount, refunded }: Payment, wanted: number): boolean {
  return status === "succeeded" && amount - refunded >= wanted;
}
