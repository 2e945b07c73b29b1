import type { Result } from "../../../mixins/contract/calls.ts";
import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import type { Payment } from "../data/payment-repository.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import { action } from "../orders.dependencies.ts";
import { chargeSavedMethod, publishStarted, recordCharge } from "../payments/charge-saved-method.ts";
import { claimPayment } from "../payments/claim-payment.ts";
import { closeOpenPayments } from "../payments/close-open-payments.ts";
import { presentPayment } from "../present.ts";

type Answer = Result<"orders.payments.charge">;

const authenticationRequired = "The bank asks the customer to authenticate the payment";

/** Off-session: nobody can follow a next step, so one that is asked for fails the payment and is told. */
export const chargePaymentMethod = action("orders.payments.charge", async (context, needs) => {
  const { params, caller, now, transaction, fail } = context;
  const key = {
    scope: `payments.charge ${actorText(actorOf(caller))}`,
    idempotencyKey: params.idempotencyKey,
    fingerprint: fingerprintOf(params),
    now,
  };
  const attempt = await claimPayment(
    {
      key,
      orderId: params.id,
      owner: undefined,
      present: (payment: Payment): Answer => ({
        outcome: payment.status === "succeeded" ? "succeeded" : "declined",
        payment: presentPayment(payment),
      }),
      choose: async ({ customerId }, tx) => {
        const methodId = params.paymentMethodId ?? (await needs.methods.defaultOf(customerId, tx));
        const method =
          methodId === undefined ? undefined : await needs.methods.holdActive(methodId, customerId, tx);
        if (!method) throw fail("not-found", "The customer has no such payment method");
        return { provider: method.provider, methodId: method.id };
      },
    },
    context,
    needs,
  );
  if ("answer" in attempt) {
    context.markReplayed();
    return attempt.answer;
  }
  await closeOpenPayments(attempt, context, needs);
  const outcome = await chargeSavedMethod(attempt, true, context, needs);
  return transaction(async (tx) => {
    const { id: orderId, number, customerId } = attempt.order;
    const isAsked = outcome.status === "authentication-required";
    if (isAsked) await needs.payments.fail(attempt.payment.id, authenticationRequired, tx);
    const payment = await recordCharge(outcome, attempt, Date.now(), tx, needs);
    const presented = presentPayment(payment);
    const answer: Answer = { outcome: outcome.status, payment: presented };
    const stored = await needs.keys.storeResponse(attempt.claim, answer, tx);
    if (stored !== answer) return stored;
    if (isAsked)
      tx.publish("orders.payment-authentication-required", {
        orderId,
        number,
        customerId,
        payment: presented,
      });
    else if (payment.status === "pending") publishStarted(attempt, payment, tx);
    return stored;
  });
});
