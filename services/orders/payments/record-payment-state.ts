import type { Tx } from "../../../mixins/database/database.ts";
import type { Payment } from "../data/payment-repository.ts";
import { answeredQueries, queryDelay, watchDelay } from "../domain/payment-query.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { applyProviderEvent } from "./apply-provider-event.ts";
import { failPayment } from "./claim-payment.ts";
import type { CloseOutcome, OpenPayment, PaymentState } from "./provider-interface.ts";
import { linkLifeMs } from "./provider-interface.ts";

const closedReason = "It was closed";
/** Clocks of shop and provider differ by less. */
const clockErrorMs = 60_000;

/** As its provider is asked about it. */
export function asOpenPayment({ id, reference, amount, currency }: Payment): OpenPayment {
  return { id, reference, amount, currency };
}

/**
 * Records what a provider answered to a query or to a closing, as if it had notified it. Idempotent: an answer that
 * a notice overtook changes nothing.
 */
export async function recordPaymentState(
  payment: Payment,
  state: PaymentState | CloseOutcome,
  now: number,
  tx: Tx,
  needs: OrdersDependencies,
): Promise<void> {
  const { id, provider } = payment;
  switch (state.status) {
    case "succeeded":
      await applyProviderEvent(provider, { about: "payment", id, ...state, reason: "" }, now, tx, needs);
      return;
    case "closed": {
      const order = await needs.orders.lock(payment.orderId, undefined, tx);
      const current = await needs.payments.byId(id, tx);
      if (!order || !current) throw new Error(`payment ${id} is gone`);
      const reason = "reason" in state ? state.reason : closedReason;
      await failPayment({ order, payment: current }, reason, tx, needs, { since: now });
      const isWatched = "linkIsOpen" in state && now < payment.startedAt + linkLifeMs + clockErrorMs;
      const queryAt = isWatched ? now + watchDelay(now - payment.startedAt, needs.paymentQueryMs) : null;
      await needs.payments.watch(id, queryAt, tx);
      return;
    }
    case "pending":
      if (state.reference !== null) await needs.payments.keepReference(id, state.reference, tx);
      if (state.failure !== null && state.reference !== null) {
        const { failure: reason, reference } = state;
        const { amount, currency } = payment;
        const event = {
          about: "payment",
          id,
          reference,
          status: "failed",
          amount,
          currency,
          reason,
        } as const;
        await applyProviderEvent(provider, event, now, tx, needs);
      }
      break;
    case "processing":
    case "unknown":
  }
  const queries = Math.min(payment.queries + 1, answeredQueries);
  await needs.payments.scheduleQuery(
    id,
    { queryAt: now + queryDelay(queries, needs.paymentQueryMs), queries },
    tx,
  );
}
