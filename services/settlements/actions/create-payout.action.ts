import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { maxTransfers } from "../contract/payouts.ts";
import type { Transfer } from "../data/payout-repository.ts";
import { payoutEntries } from "../domain/entries.ts";
import { presentPayout } from "../present.ts";
import { action } from "../settlements.dependencies.ts";

/** The amounts are those due while the merchants are locked, so that no two payouts pay the same money. */
export const createPayout = action("settlements.payouts.create", async (context, dependencies) => {
  const { params, caller, now, transaction, fail, markReplayed } = context;
  const { ledger, payouts, currency } = dependencies;
  const { idempotencyKey } = params;
  const actor = actorText(actorOf(caller));
  const fingerprint = fingerprintOf(params);
  const key = { actor, idempotencyKey, fingerprint };

  const { payout, replayed } = await transaction(async (tx) => {
    const draft = { id: newId(), actor, currency, amount: 0, transfers: 0, createdAt: now };
    if (!(await payouts.insert(draft, key, tx))) {
      const known = await payouts.byKey(key, tx);
      if (known?.fingerprint !== fingerprint) throw fail("idempotency-mismatch");
      return { payout: known, replayed: true };
    }
    const merchants = await ledger.lockDue(params.minimumMinor, params.merchantIds, maxTransfers, tx);
    if (merchants.length === 0) throw fail("illegal-transition", "Nothing is due to these merchants");
    const accounts = await payouts.accountsOf(
      merchants.map(({ id }) => id),
      tx,
    );
    const transfers = merchants.map(({ id: merchantId, name: merchantName, due: amount }): Transfer => ({
      id: newId(),
      payoutId: draft.id,
      merchantId,
      merchantName,
      amount,
      status: "open",
      account: accounts.get(merchantId) ?? null,
      failure: null,
      createdAt: now,
      settledAt: null,
    }));
    await payouts.insertTransfers(transfers, tx);
    await ledger.post(
      transfers.map(({ id: subjectId, merchantId, amount }) => ({
        merchantId,
        kind: "payout" as const,
        entries: payoutEntries(amount),
        subjectId,
        actor,
        reason: null,
        now,
      })),
      tx,
    );
    const made = {
      ...draft,
      amount: transfers.reduce((sum, { amount }) => sum + amount, 0),
      transfers: transfers.length,
    };
    await payouts.setTotals(made, tx);
    const amount = { amount: made.amount, currency };
    tx.publish("settlements.payout-created", { payoutId: made.id, amount, transfers: made.transfers });
    return { payout: made, replayed: false };
  });
  if (replayed) markReplayed();
  return presentPayout(payout);
});
