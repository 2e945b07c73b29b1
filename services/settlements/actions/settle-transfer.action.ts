import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { failedPayoutEntries } from "../domain/entries.ts";
import { presentTransfer } from "../present.ts";
import { action } from "../settlements.dependencies.ts";

export const settleTransfer = action("settlements.payouts.settle", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { ledger, payouts, currency } = dependencies;
  const { status } = params;
  return transaction(async (tx) => {
    const transfer = await payouts.lockTransfer(params.id, params.transferId, tx);
    if (!transfer) throw fail("not-found");
    if (transfer.status === status) return presentTransfer(transfer, currency);
    if (transfer.status === "failed")
      throw fail("illegal-transition", "A failed transfer's money is due again; make another payout", {
        from: transfer.status,
      });
    const failure = status === "failed" ? (params.failure ?? null) : null;
    if (!(await payouts.settle(transfer.id, transfer.status, { status, failure }, now, tx)))
      throw fail("illegal-transition", undefined, { from: transfer.status });
    const { merchantId, amount } = transfer;
    if (status === "failed")
      await ledger.post(
        [
          {
            merchantId,
            kind: "payout-failed",
            entries: failedPayoutEntries(amount),
            subjectId: transfer.id,
            actor: actorText(actorOf(caller)),
            reason: failure,
            now,
          },
        ],
        tx,
      );
    tx.publish("settlements.transfer-settled", {
      merchantId,
      payoutId: transfer.payoutId,
      transferId: transfer.id,
      amount: { amount, currency },
      status,
      failure,
    });
    return presentTransfer({ ...transfer, status, failure, settledAt: now }, currency);
  });
});
