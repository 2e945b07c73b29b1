import type { Tx } from "../../../mixins/database/database.ts";
import { id as idSchema } from "../../../mixins/contract/ids.ts";
import type { Payment } from "../data/payment-repository.ts";
import type { NoticeOutcome } from "../data/payment-notice-repository.ts";
import type { Refund } from "../data/refund-repository.ts";
import type { OrderWithLines } from "../domain/order-model.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentPayment } from "../present.ts";
import { failPayment } from "./claim-payment.ts";
import { paymentSucceeded } from "./payment-succeeded.ts";
import type {
  MethodDetailsEvent,
  MethodEvent,
  PaymentEvent,
  ProviderEvent,
  RefundEvent,
  SetupEvent,
} from "./provider-interface.ts";
import { removePaymentMethod } from "./remove-payment-methods.ts";
import { refundFailed, refundSucceeded } from "./settle-refund.ts";

/**
 * Applies a provider's event. Idempotent and independent of order: known or superseded events change nothing.
 */
export async function applyProviderEvent(
  provider: string,
  event: Exclude<ProviderEvent, MethodDetailsEvent>,
  now: number,
  tx: Tx,
  needs: OrdersDependencies,
): Promise<NoticeOutcome> {
  switch (event.about) {
    case "payment":
      return applyPaymentEvent(provider, event, now, tx, needs);
    case "refund":
      return applyRefundEvent(provider, event, now, tx, needs);
    case "setup":
      return applySetupEvent(provider, event, now, tx, needs);
    case "method":
      return applyMethodEvent(provider, event, now, tx, needs);
  }
}

/** Makes the setup due for a query, since a notice does not tell its present state. */
async function applySetupEvent(
  provider: string,
  event: SetupEvent,
  now: number,
  tx: Tx,
  { setups }: OrdersDependencies,
): Promise<NoticeOutcome> {
  const setup = await find((id) => setups.byId(id, undefined, tx), event.id);
  if (setup?.provider !== provider) return "unknown";
  if (setup.status === "succeeded" || setup.status === "refused") return "ignored";
  await setups.keepReference(setup.id, event.reference, tx);
  await setups.hasten(setup.id, now, tx);
  return "applied";
}

async function applyMethodEvent(
  provider: string,
  event: MethodEvent,
  now: number,
  tx: Tx,
  needs: OrdersDependencies,
): Promise<NoticeOutcome> {
  const method = await needs.methods.byToken(provider, event.reference, tx);
  if (!method) return "ignored";
  return (await removePaymentMethod(method, "provider", now, tx, needs)) ? "applied" : "ignored";
}

async function applyPaymentEvent(
  provider: string,
  event: PaymentEvent,
  now: number,
  tx: Tx,
  needs: OrdersDependencies,
): Promise<NoticeOutcome> {
  const { payments, orders } = needs;
  const known =
    (await find((id) => payments.byId(id, tx), event.id)) ??
    (await payments.byReference(provider, event.reference, tx));
  // Lock order: the order first, as everywhere, to prevent deadlocks.
  const order = known?.provider === provider ? await orders.lock(known.orderId, undefined, tx) : undefined;
  if (!known || !order) return "unknown";
  await payments.keepReference(known.id, event.reference, tx);
  const payment: Payment = { ...known, reference: known.reference ?? event.reference };

  if (event.status === "closed") {
    const isKnown =
      payment.closedAt !== null || payment.status === "succeeded" || payment.status === "mismatched";
    if (isKnown) return "ignored";
    await failPayment({ order, payment }, event.reason, tx, needs, { since: now });
    return "applied";
  }
  if (event.status === "failed") {
    if (!(await payments.fail(payment.id, event.reason, tx))) return "ignored";
    publish(order, "orders.payment-failed", { ...payment, status: "failed", failure: event.reason }, tx);
    return "applied";
  }
  const received = { amount: event.amount, currency: event.currency };
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

async function applyRefundEvent(
  provider: string,
  event: RefundEvent,
  now: number,
  tx: Tx,
  needs: OrdersDependencies,
): Promise<NoticeOutcome> {
  const refund = await find((id) => needs.refunds.byId(id, tx), event.id);
  const payment = refund && (await needs.payments.byId(refund.paymentId, tx));
  if (!refund || payment?.provider !== provider) return "unknown";
  if (event.status === "succeeded")
    return (await refundSucceeded(refund, event.reference, now, tx, needs)) ? "applied" : "ignored";
  if (!isOfCurrentAttempt(refund, event.reference)) return "ignored";
  const failure = { reference: event.reference, reason: event.reason, refused: true };
  return (await refundFailed(refund, failure, now, tx, needs)) ? "applied" : "ignored";
}

/** A retried refund is a new one to the provider; failures of the old one are outdated. */
function isOfCurrentAttempt(refund: Refund, reference: string): boolean {
  return refund.reference === null ? refund.round === 0 : refund.reference === reference;
}

/** Ids that the shop did not create have another format. */
async function find<T>(
  byId: (id: string) => Promise<T | undefined>,
  id: string | undefined,
): Promise<T | undefined> {
  const known = idSchema.safeParse(id);
  return known.success ? byId(known.data) : undefined;
}

function publish(
  { id: orderId, number, customerId }: OrderWithLines,
  name: "orders.payment-failed" | "orders.payment-mismatched",
  payment: Payment,
  tx: Tx,
): void {
  tx.publish(name, { orderId, number, customerId, payment: presentPayment(payment) });
}
