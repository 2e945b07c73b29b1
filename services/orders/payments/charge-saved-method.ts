import type { Tx } from "../../../mixins/database/database.ts";
import type { Payment } from "../data/payment-repository.ts";
import type { PaymentMethod } from "../data/payment-method-repository.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentPayment } from "../present.ts";
import { applyProviderEvent } from "./apply-provider-event.ts";
import type { PaymentAttempt, PaymentContext } from "./claim-payment.ts";
import { failPayment, releaseAttempt } from "./claim-payment.ts";
import type { ChargeOutcome } from "./provider-interface.ts";
import { ProviderRefusal } from "./provider-interface.ts";

/**
 * Charges the saved payment method of an attempt at its provider.
 *
 * @param offSession whether the customer is absent
 * @throws ShopError `deadline-exceeded`, `unavailable`: the same request resumes it
 */
export async function chargeSavedMethod(
  { claim, order, payment }: PaymentAttempt,
  offSession: boolean,
  context: PaymentContext,
  needs: OrdersDependencies,
): Promise<ChargeOutcome> {
  const what = `charging payment ${payment.id} at ${payment.provider}`;
  try {
    const { method, account } = await context.transaction((tx) =>
      meansOf(payment, order.customerId, tx, needs),
    );
    const saved = needs.providers.savedMethods(payment.provider);
    if (!saved) throw new Error("the payment provider is disabled");
    if (!account || !method?.token) throw new ProviderRefusal("The payment method was removed");
    return await saved.charge({
      id: payment.id,
      orderNumber: order.number,
      amount: payment.amount,
      currency: payment.currency,
      account: account.reference,
      token: method.token,
      offSession,
    });
  } catch (error) {
    if (error instanceof ProviderRefusal)
      return { status: "declined", reference: null, reason: error.message };
    return releaseAttempt(error, { claim, what }, context, needs);
  }
}

async function meansOf(
  { methodId, provider }: Payment,
  customerId: string,
  tx: Tx,
  { methods, payers }: OrdersDependencies,
) {
  const method: PaymentMethod | undefined = methodId === null ? undefined : await methods.byId(methodId, tx);
  return { method, account: await payers.account(provider, customerId, tx) };
}

/**
 * Records the outcome of a charge, as if the provider had notified it.
 *
 * @returns the payment as it is now
 */
export async function recordCharge(
  outcome: ChargeOutcome,
  attempt: PaymentAttempt,
  now: number,
  tx: Tx,
  needs: OrdersDependencies,
): Promise<Payment> {
  const { payment, order } = attempt;
  const { id, provider } = payment;
  if (outcome.reference !== null) await needs.payments.keepReference(id, outcome.reference, tx);
  switch (outcome.status) {
    case "succeeded": {
      const { status, reference, amount, currency } = outcome;
      const event = { about: "payment", id, reference, status, amount, currency, reason: "" } as const;
      await applyProviderEvent(provider, event, now, tx, needs);
      break;
    }
    case "declined":
      await failPayment(attempt, outcome.reason, tx, needs);
      break;
    case "pending":
    case "authentication-required":
  }
  const recorded = await needs.payments.byId(id, tx);
  if (!recorded) throw new Error(`payment ${id} of order ${order.id} is gone`);
  return recorded;
}

/** Publishes that the payment waits for the customer or for the provider. */
export function publishStarted({ order }: PaymentAttempt, payment: Payment, tx: Tx): void {
  const { id: orderId, number, customerId } = order;
  tx.publish("orders.payment-started", { orderId, number, customerId, payment: presentPayment(payment) });
}
