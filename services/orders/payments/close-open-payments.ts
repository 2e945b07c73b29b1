import { ShopError } from "../../../mixins/contract/errors.ts";
import { illegalTransition } from "../domain/order-status.ts";
import type { Payment } from "../data/payment-repository.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import type { PaymentAttempt, PaymentContext } from "./claim-payment.ts";
import { failPayment, releaseAttempt } from "./claim-payment.ts";
import type { CloseOutcome } from "./provider-interface.ts";
import { asOpenPayment, recordPaymentState } from "./record-payment-state.ts";

/**
 * Closes the earlier open payments of an order at their providers, before another one is made. One that turns out to
 * be paid pays the order, and ends the attempt. A provider that is switched off is not asked; money that it still
 * receives is refunded as a late payment.
 *
 * @throws ShopError `illegal-transition` when the order is paid now, `payment-in-progress`; `deadline-exceeded`,
 *   `unavailable` when a provider does not answer: the same request tries again
 */
export async function closeOpenPayments(
  attempt: PaymentAttempt,
  context: PaymentContext,
  needs: OrdersDependencies,
): Promise<void> {
  const { claim, payment, open } = attempt;
  const outcomes = await Promise.all(open.map((other) => closeAtProvider(other, context, needs))).catch(
    (error: unknown) =>
      releaseAttempt(error, { claim, what: `closing earlier payments before ${payment.id}` }, context, needs),
  );
  const refusal = outcomes.includes("succeeded")
    ? illegalTransition("paid", "The order is paid by an earlier payment")
    : outcomes.includes("processing")
      ? new ShopError("payment-in-progress")
      : undefined;
  if (!refusal) return;
  await context.transaction(async (tx) => {
    await needs.keys.withdraw(claim, tx);
    await failPayment(attempt, "It was not started: an earlier payment counts", tx, needs, {
      since: context.now,
    });
  });
  throw refusal;
}

async function closeAtProvider(
  payment: Payment,
  { transaction }: PaymentContext,
  needs: OrdersDependencies,
): Promise<CloseOutcome["status"]> {
  const provider = needs.providers.online(payment.provider);
  if (!provider) return "closed";
  const outcome = await provider.close(asOpenPayment(payment));
  await transaction((tx) => recordPaymentState(payment, outcome, Date.now(), tx, needs));
  return outcome.status;
}
