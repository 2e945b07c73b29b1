import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import { actorOf, actorText, ownerFilter } from "../../../mixins/contract/caller.ts";
import type { FieldError } from "../../../mixins/contract/errors.ts";
import type { Result } from "../../../mixins/contract/calls.ts";
import type { Payment } from "../data/payment-repository.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentPayment } from "../present.ts";
import { chargeSavedMethod, publishStarted, recordCharge } from "./charge-saved-method.ts";
import { claimPayment } from "./claim-payment.ts";
import { closeOpenPayments } from "./close-open-payments.ts";

type Context = ActionContext<"orders.payments.record">;
type Answer = Result<"orders.payments.record">;

/**
 * Pays an order with a payment method that the customer saved. Crash-safe as `startOnlinePayment`. Only
 * customers themselves use their methods, for their own orders.
 */
export async function payWithSavedMethod(
  methodId: string,
  context: Context,
  needs: OrdersDependencies,
): Promise<Answer> {
  const { params, caller, now, fail } = context;
  const customerId = caller.kind === "user" ? caller.userId : undefined;
  const key = {
    scope: `payments.record ${actorText(actorOf(caller))}`,
    idempotencyKey: params.idempotencyKey,
    fingerprint: fingerprintOf(params),
    now,
  };
  const attempt = await claimPayment(
    {
      key,
      orderId: params.id,
      owner: ownerFilter(caller, "orders:write"),
      present: (payment: Payment): Answer => presentPayment(payment),
      choose: async (order, tx) => {
        const isOwn = customerId !== undefined && order.customerId === customerId;
        const method = isOwn ? await needs.methods.holdActive(methodId, customerId, tx) : undefined;
        if (!method) throw fail("not-found", "The payment method does not exist, or is not yours");
        const { provider } = method;
        const errors = faultsOf(params, provider, needs);
        if (errors.length > 0) throw fail("validation-failed", undefined, { errors });
        return { provider, methodId };
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
  const outcome = await chargeSavedMethod(attempt, false, context, needs);
  const { claim } = attempt;
  const result = await context.transaction(async (tx) => {
    const payment = await recordCharge(outcome, attempt, Date.now(), tx, needs);
    // Frees the key for a new payment.
    if (outcome.status === "declined") return needs.keys.withdraw(claim, tx);
    const next = outcome.status === "authentication-required" ? outcome.next : null;
    const answer: Answer = {
      ...presentPayment(payment),
      ...(next && payment.status === "pending" && { next }),
    };
    const stored = await needs.keys.storeResponse(claim, answer, tx);
    if (stored === answer && payment.status === "pending") publishStarted(attempt, payment, tx);
    return stored;
  });
  if (outcome.status === "declined") throw fail("payment-refused", outcome.reason);
  return result as Answer;
}

/** @param provider the payment method's */
function faultsOf(
  params: Context["params"],
  provider: string,
  { providers }: OrdersDependencies,
): FieldError[] {
  const fault = (path: string, code: string, message: string) => ({ path, code, message });
  if (params.reference !== undefined)
    return [fault("reference", "unknown-field", "Only manual payments have a reference")];
  if (params.provider !== "manual" && params.provider !== provider)
    return [fault("provider", "mismatch", "The payment method is another provider's")];
  if (!providers.savedMethods(provider))
    return [fault("paymentMethodId", "switched-off", "Its provider is not enabled")];
  return [];
}
