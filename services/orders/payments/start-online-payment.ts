import type { ActionContext } from "../../../mixins/shop-action.ts";
import { actorOf, ownerFilter } from "../../contract/caller.ts";
import type { Result } from "../../contract/calls.ts";
import type { KeyClaim } from "../data/idempotency-key-repository.ts";
import type { Payment } from "../data/payment-repository.ts";
import type { OrderWithLines } from "../domain/order.ts";
import { fingerprintOf } from "../domain/fingerprint.ts";
import { illegalTransition } from "../domain/order-status.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentActor, presentPayment } from "../present.ts";
import type { OnlinePaymentProvider, StartedPayment } from "./provider.ts";
import { ProviderRefusal, ProviderUnreachable, providerTimeoutMs } from "./provider.ts";

type Context = ActionContext<"orders.payments.record">;
type Answer = Result<"orders.payments.record">;

/** Longer than the provider may take; then the same request takes over, with the same payment. */
const claimMs = 2 * providerTimeoutMs;
/** Each is a payment at the provider; nobody means to begin so many. */
const mostOfOneOrder = 20;

interface Begun {
  readonly claim: KeyClaim;
  readonly order: OrderWithLines;
  readonly payment: Payment;
}

/**
 * Begins a payment that the customer makes at a provider. The row is written before the provider hears of it, under the
 * id by which the provider knows it again: it can be cut off anywhere, and the same request goes on where it was.
 */
export async function startOnlinePayment(
  provider: OnlinePaymentProvider,
  context: Context,
  needs: OrdersDependencies,
): Promise<Answer> {
  const begun = await begin(provider, context, needs);
  if ("answer" in begun) {
    context.markReplayed();
    return begun.answer;
  }
  const { claim, order, payment } = begun;
  const started = await provider
    .start({ id: payment.id, orderNumber: order.number, amount: payment.amount, currency: payment.currency })
    .catch((error: unknown) => giveUp(error, begun, context, needs));
  return context.transaction(async (tx) => {
    await needs.payments.keepReference(payment.id, started.reference, tx);
    const answer = answerOf({ ...payment, reference: started.reference }, started);
    const kept = await needs.keys.keepAnswer(claim, answer, tx);
    if (kept === answer) {
      const { id: orderId, number, customerId } = order;
      const { next: _next, ...presented } = answer;
      tx.publish("orders.payment-started", { orderId, number, customerId, payment: presented });
    }
    return kept;
  });
}

async function begin(
  { name }: OnlinePaymentProvider,
  { params, caller, now, transaction, fail }: Context,
  { orders, payments, keys }: OrdersDependencies,
): Promise<Begun | { readonly answer: Answer }> {
  const scope = `payments.record ${presentActor(actorOf(caller))}`;
  const request = { scope, idempotencyKey: params.idempotencyKey, fingerprint: fingerprintOf(params), now };
  return transaction(async (tx) => {
    const { claim, answer } = await keys.claim<Answer>(request, claimMs, tx);
    if (!claim) return { answer };
    const order = await orders.byId(params.id, ownerFilter(caller, "orders:write"), tx);
    if (!order) throw fail("not-found");
    if (order.status !== "placed") throw illegalTransition(order.status, `An order that is ${order.status} is not paid`);
    const known = await payments.ofOrder(order.id, tx);
    const mine = known.find(({ id }) => id === claim.subjectId);
    if (!mine && known.length >= mostOfOneOrder) throw fail("limit-reached", undefined, { limit: mostOfOneOrder });
    const payment = mine ?? pendingPayment(claim.subjectId, order, name, now);
    if (!mine) await payments.insert(payment, tx);
    return { claim, order, payment };
  });
}

/** The key stays usable: after a refusal for a new payment, otherwise for going on with this one. */
async function giveUp(
  error: unknown,
  { claim, order, payment }: Begun,
  { transaction, fail, log, now }: Context,
  { payments, keys }: OrdersDependencies,
): Promise<never> {
  if (error instanceof ProviderRefusal) {
    const failure = error.message;
    await transaction(async (tx) => {
      await keys.withdraw(claim, tx);
      if (!(await payments.fail(payment.id, failure, tx))) return;
      const { id: orderId, number, customerId } = order;
      const failed = presentPayment({ ...payment, status: "failed", failure });
      tx.publish("orders.payment-failed", { orderId, number, customerId, payment: failed });
    });
    throw fail("payment-refused", failure);
  }
  log.warn(`payment ${payment.id} was not started at ${payment.provider}`, error);
  await transaction((tx) => keys.handBack(claim, now, tx));
  const timedOut = error instanceof ProviderUnreachable && error.timedOut;
  throw timedOut
    ? fail("deadline-exceeded", "The payment provider took too long; send the same request again")
    : fail("unavailable", "The payment provider does not answer; send the same request again");
}

function answerOf(payment: Payment, { next }: StartedPayment): Answer {
  return { ...presentPayment(payment), next };
}

function pendingPayment(id: string, order: OrderWithLines, provider: Payment["provider"], now: number): Payment {
  return {
    id,
    orderId: order.id,
    provider,
    status: "pending",
    reference: null,
    amount: order.total,
    currency: order.currency,
    refunded: 0,
    failure: null,
    receivedAmount: null,
    receivedCurrency: null,
    startedAt: now,
    paidAt: null,
  };
}
