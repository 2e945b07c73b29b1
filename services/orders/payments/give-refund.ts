import type { Tx } from "../../../mixins/database/database.ts";
import type { Refund } from "../data/refund-repository.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { providerTimeoutMs } from "./provider.ts";
import type { PaymentProvider, RefundOutcome } from "./provider.ts";
import { refundFailed, refundSucceeded } from "./settle-refund.ts";

/** Tries in a row that tell nothing, before staff must look into it; that takes about eleven hours. */
export const maxAttempts = 20;
const firstPauseMs = 1000;
const longestPauseMs = 3_600_000;
/** Longer than a try can take, so that nobody else tries at the same time unless this node has died. */
const claimMs = 4 * providerTimeoutMs;
/** A provider that takes its time is asked how it is going. */
const askAgainMs = 3_600_000;

interface Work {
  readonly now: number;
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
}

/** How long to wait after so many tries in a row that told nothing. */
export function pauseAfter(attempts: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** (attempts - 1));
}

/**
 * Has a provider give the money of one refund back. It can be cut off anywhere: the try is counted and moved on before
 * the provider is asked, and the provider knows the refund by its key.
 */
export async function giveRefund(refund: Refund, { now, transaction }: Work, needs: OrdersDependencies): Promise<void> {
  const { refunds, payments, providers } = needs;
  const payment = await transaction(async (tx) => {
    const claimed = await refunds.claimTry(refund, now + claimMs, tx);
    return claimed ? payments.byId(refund.paymentId, tx) : undefined;
  });
  if (!payment) return;
  const attempts = refund.attempts + 1;
  const provider = providers.forRefund(payment.provider);
  const outcome = await ask(provider, refund, payment.reference);
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
        await refunds.tryLater(refund.id, { nextTryAt: at + askAgainMs, reference: outcome.reference, attempts: 1 }, tx);
        return;
      case "unknown": {
        const failure = { reference: null, reason: outcome.reason, refused: false };
        if (attempts >= maxAttempts) await refundFailed(refund, failure, at, tx, needs);
        else await refunds.tryLater(refund.id, { nextTryAt: at + pauseAfter(attempts), failure: outcome.reason, attempts }, tx);
      }
    }
  });
}

type Outcome = RefundOutcome | { readonly status: "unknown"; readonly reason: string };

async function ask(provider: PaymentProvider | undefined, refund: Refund, paymentReference: string | null): Promise<Outcome> {
  if (!provider) return { status: "unknown", reason: "The payment provider is switched off" };
  const { id, round, amount, attempts } = refund;
  const key = round === 0 ? id : `${id}.${round}`;
  try {
    return await provider.refund({ id, key, paymentReference, amount, triedBefore: attempts > 0 });
  } catch (error) {
    return { status: "unknown", reason: error instanceof Error ? error.message : "The payment provider failed" };
  }
}
