import type { PaymentProviderName } from "../../../config/env.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import { id as idSchema } from "../../contract/ids.ts";
import type { Payment } from "../data/payment-repository.ts";
import type { NoticeOutcome } from "../data/payment-notice-repository.ts";
import type { Refund } from "../data/refund-repository.ts";
import type { OrderWithLines } from "../domain/order.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentPayment } from "../present.ts";
import { paymentSucceeded } from "./payment-succeeded.ts";
import type { PaymentNews, RefundNews } from "./provider.ts";
import { refundFailed, refundSucceeded } from "./settle-refund.ts";

/**
 * Does what a provider's news mean, whenever and in whatever order they come: what is known already, or is overtaken by
 * what is known, changes nothing.
 */
export async function applyNews(
  provider: PaymentProviderName,
  news: PaymentNews | RefundNews,
  now: number,
  tx: Tx,
  needs: OrdersDependencies,
): Promise<NoticeOutcome> {
  return news.about === "payment"
    ? applyPaymentNews(provider, news, now, tx, needs)
    : applyRefundNews(provider, news, now, tx, needs);
}

async function applyPaymentNews(
  provider: PaymentProviderName,
  news: PaymentNews,
  now: number,
  tx: Tx,
  needs: OrdersDependencies,
): Promise<NoticeOutcome> {
  const { payments, orders } = needs;
  const known = (await find(payments, news.id, tx)) ?? (await payments.byReference(provider, news.reference, tx));
  // The order first, as everywhere, so that two who change both do not block each other.
  const order = known?.provider === provider ? await orders.forChange(known.orderId, undefined, tx) : undefined;
  if (!known || !order) return "unknown";
  await payments.keepReference(known.id, news.reference, tx);
  const payment: Payment = { ...known, reference: known.reference ?? news.reference };

  if (news.status === "failed") {
    if (!(await payments.fail(payment.id, news.reason, tx))) return "ignored";
    publish(order, "orders.payment-failed", { ...payment, status: "failed", failure: news.reason }, tx);
    return "applied";
  }
  const received = { amount: news.amount, currency: news.currency };
  if (received.amount !== payment.amount || received.currency !== payment.currency) {
    if (!(await payments.mismatch(payment.id, received, now, tx))) return "ignored";
    const mismatched = { receivedAmount: received.amount, receivedCurrency: received.currency, paidAt: now };
    publish(order, "orders.payment-mismatched", { ...payment, ...mismatched, status: "mismatched" }, tx);
    return "mismatched";
  }
  if (!(await payments.succeed(payment.id, now, tx))) return "ignored";
  const succeeded = { ...payment, status: "succeeded", failure: null, paidAt: now } as const;
  await paymentSucceeded(succeeded, order, `system:payments.${provider}`, now, tx, needs);
  return "applied";
}

async function applyRefundNews(
  provider: PaymentProviderName,
  news: RefundNews,
  now: number,
  tx: Tx,
  needs: OrdersDependencies,
): Promise<NoticeOutcome> {
  const refund = await find(needs.refunds, news.id, tx);
  const payment = refund && (await needs.payments.byId(refund.paymentId, tx));
  if (!refund || payment?.provider !== provider) return "unknown";
  if (news.status === "succeeded")
    return (await refundSucceeded(refund, news.reference, now, tx, needs)) ? "applied" : "ignored";
  if (!isOfThisTry(refund, news.reference)) return "ignored";
  const failure = { reference: news.reference, reason: news.reason, refused: true };
  return (await refundFailed(refund, failure, now, tx, needs)) ? "applied" : "ignored";
}

/** A refund that staff asked for anew is another one to the provider; the old one's failure is old news. */
function isOfThisTry(refund: Refund, reference: string): boolean {
  return refund.reference === null ? refund.round === 0 : refund.reference === reference;
}

/** What was not made here has no id of the form that is used here. */
async function find<T>(
  repository: { byId(id: string, tx: Tx): Promise<T | undefined> },
  id: string | undefined,
  tx: Tx,
): Promise<T | undefined> {
  const known = idSchema.safeParse(id);
  return known.success ? repository.byId(known.data, tx) : undefined;
}

function publish(
  { id: orderId, number, customerId }: OrderWithLines,
  name: "orders.payment-failed" | "orders.payment-mismatched",
  payment: Payment,
  tx: Tx,
): void {
  tx.publish(name, { orderId, number, customerId, payment: presentPayment(payment) });
}
