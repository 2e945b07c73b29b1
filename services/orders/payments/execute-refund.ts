import type { Tx } from "../../../mixins/database/database.ts";
import type { Payment } from "../data/payment-repository.ts";
import type { Refund } from "../data/refund-repository.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { providerTimeoutMs } from "./provider-interface.ts";
import type { PaymentProvider, RefundOutcome } from "./provider-interface.ts";
import { refundFailed, refundSucceeded } from "./settle-refund.ts";

/** Consecutive attempts without a result before staff must handle it: about eleven hours. */
export const maxAttempts = 20;
const minRetryDelayMs = 1000;
const maxRetryDelayMs = 3_600_000;
/** Longer than an attempt can take, so that another one starts only after a crash. */
const claimMs = 4 * providerTimeoutMs;
/** Pauses between polls while the provider has it pending: as long as it has been, within these bounds. */
const minPollMs = 30_000;
const maxPollMs = 3_600_000;

function pollDelay(ageMs: number): number {
  return Math.min(maxPollMs, Math.max(minPollMs, ageMs));
}

interface RefundContext {
  readonly now: number;
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
}

/** Backoff after consecutive attempts without a result. */
export function retryDelay(attempts: number): number {
  return Math.min(maxRetryDelayMs, minRetryDelayMs * 2 ** (attempts - 1));
}

/**
 * Executes one refund at its provider. Crash-safe: the attempt is counted and rescheduled first, and the
 * provider deduplicates by key.
 */
export async function executeRefund(
  refund: Refund,
  { now, transaction }: RefundContext,
  needs: OrdersDependencies,
): Promise<void> {
  const { refunds, payments, providers } = needs;
  const payment = await transaction(async (tx) => {
    const claimed = await refunds.claimAttempt(refund, now + claimMs, tx);
    return claimed ? payments.byId(refund.paymentId, tx) : undefined;
  });
  if (!payment) return;
  const attempts = refund.attempts + 1;
  const provider = providers.forRefund(payment.provider);
  const outcome = await callProvider(provider, refund, payment);
  const at = Date.now();

  await transaction(async (tx) => {
    switch (outcome.status) {
      case "succeeded":
        await refundSucceeded(refund, outcome.reference, at, tx, needs);
        return;
      case "failed":
        await refundFailed(refund, { ...outcome, refused: true }, at, tx, needs);
        return;
      case "pending":
        await refunds.scheduleRetry(
          refund.id,
          { nextTryAt: at + pollDelay(at - refund.requestedAt), reference: outcome.reference, attempts: 1 },
          tx,
        );
        return;
      case "unknown": {
        const failure = { reference: null, reason: outcome.reason, refused: false };
        if (attempts >= maxAttempts) await refundFailed(refund, failure, at, tx, needs);
        else
          await refunds.scheduleRetry(
            refund.id,
            { nextTryAt: at + retryDelay(attempts), failure: outcome.reason, attempts },
            tx,
          );
      }
    }
  });
}

type AttemptOutcome = RefundOutcome | { readonly status: "unknown"; readonly reason: string };

async function callProvider(
  provider: PaymentProvider | undefined,
  refund: Refund,
  payment: Payment,
): Promise<AttemptOutcome> {
  if (!provider) return { status: "unknown", reason: "The payment provider is disabled" };
  const { id, round, amount, attempts } = refund;
  const key = round === 0 ? id : `${id}.${round}`;
  try {
    const { id: paymentId, amount: paid, currency, reference: paymentReference } = payment;
    const of = { id: paymentId, amount: paid, currency };
    return await provider.refund({ id, key, paymentReference, payment: of, amount, isRetry: attempts > 0 });
  } catch (error) {
    return {
      status: "unknown",
      reason: error instanceof Error ? error.message : "The payment provider failed",
    };
  }
}
