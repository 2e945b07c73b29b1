import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import { actorOf, actorText, ownerFilter } from "../../../mixins/contract/caller.ts";
import type { Result } from "../../../mixins/contract/calls.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { Payment } from "../data/payment-repository.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import type { OrderWithLines } from "../domain/order-model.ts";
import { presentPayment } from "../present.ts";
import { closeOpenPayments } from "./close-open-payments.ts";
import type { PaymentAttempt } from "./claim-payment.ts";
import { claimPayment, failPayment, releaseAttempt } from "./claim-payment.ts";
import type { OnlinePaymentProvider, StartedPayment } from "./provider-interface.ts";
import { linkLifeMs, ProviderRefusal } from "./provider-interface.ts";

type Context = ActionContext<"orders.payments.record">;
type Answer = Result<"orders.payments.record">;

/**
 * Starts an online payment at a provider. Crash-safe: the row is written first, under the id by which the
 * provider deduplicates, so that the same request resumes it.
 */
export async function startOnlinePayment(
  provider: OnlinePaymentProvider,
  context: Context,
  needs: OrdersDependencies,
): Promise<Answer> {
  const { params, caller, now } = context;
  const scope = `payments.record ${actorText(actorOf(caller))}`;
  const request = {
    key: { scope, idempotencyKey: params.idempotencyKey, fingerprint: fingerprintOf(params), now },
    orderId: params.id,
    owner: ownerFilter(caller, "orders:write"),
    choose: ({ currency }: OrderWithLines) => {
      assertTakes(provider, currency);
      return Promise.resolve({ provider: provider.name, methodId: null });
    },
    present: (payment: Payment): Answer => presentPayment(payment),
  };
  const attempt = await claimPayment(request, context, needs);
  if ("answer" in attempt) {
    context.markReplayed();
    return attempt.answer;
  }
  await closeOpenPayments(attempt, context, needs);
  const { claim, order, payment } = attempt;
  const { id, amount, currency } = payment;
  const { via, payerId } = params;
  const { address } = context.client;
  const started = await provider
    .start({
      id,
      orderNumber: order.number,
      amount,
      currency,
      expiresAt: payment.startedAt + linkLifeMs,
      via,
      payerId,
      address,
    })
    .catch((error: unknown) => failAttempt(error, attempt, context, needs));
  const result = await context.transaction(async (tx) => {
    const current = await needs.payments.lock(payment.id, tx);
    await needs.payments.keepReference(payment.id, started.reference, tx);
    // A later attempt closed it before it existed at the provider; the job closes it there.
    if (current && current.closedAt !== null) {
      await needs.payments.reopen(payment.id, now, tx);
      await needs.keys.withdraw(claim, tx);
      return undefined;
    }
    const answer = responseOf({ ...payment, reference: started.reference }, started);
    const stored = await needs.keys.storeResponse(claim, answer, tx);
    if (stored === answer) {
      const { id: orderId, number, customerId } = order;
      const { next: _next, ...presented } = answer;
      tx.publish("orders.payment-started", { orderId, number, customerId, payment: presented });
    }
    return stored;
  });
  if (!result) throw context.fail("payment-refused", "Another payment of this order was started meanwhile");
  return result;
}

/** @throws ShopError `validation-failed` for a currency that the provider does not take */
function assertTakes({ name, currencies }: OnlinePaymentProvider, currency: string): void {
  if (!currencies || currencies.includes(currency)) return;
  const message = `${name} takes ${currencies.join(", ")}, not ${currency}`;
  const fault = { path: "provider", code: "unsupported-currency", message };
  throw new ShopError("validation-failed", undefined, { errors: [fault] });
}

/** Keeps the key usable: after a refusal for a new payment, otherwise to resume this one. */
async function failAttempt(
  error: unknown,
  attempt: PaymentAttempt,
  context: Context,
  needs: OrdersDependencies,
): Promise<never> {
  const { claim, payment } = attempt;
  if (error instanceof ProviderRefusal) {
    await context.transaction(async (tx) => {
      await needs.keys.withdraw(claim, tx);
      await failPayment(attempt, error.message, tx, needs, { since: context.now });
    });
    throw context.fail("payment-refused", error.message);
  }
  const what = `starting payment ${payment.id} at ${payment.provider}`;
  return releaseAttempt(error, { claim, what }, context, needs);
}

function responseOf(payment: Payment, { next }: StartedPayment): Answer {
  return { ...presentPayment(payment), next };
}
