import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { findMerchant } from "../find-merchant.ts";
import { lastFour } from "../present.ts";
import { action } from "../settlements.dependencies.ts";

export const putPayoutAccount = action("settlements.payout-accounts.put", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { payouts } = dependencies;
  const { id: merchantId } = await findMerchant(params.merchantId, "merchants:write", caller, dependencies);
  return transaction(async (tx) => {
    const before = await payouts.account(merchantId, tx);
    if ((params.expectedVersion ?? 0) !== (before?.version ?? 0)) throw fail("precondition-failed");
    const { holder, number, bank } = params;
    const account = { holder, number, bank };
    const version = (before?.version ?? 0) + 1;
    if (!(await payouts.putAccount(merchantId, account, version, now, tx))) throw fail("precondition-failed");
    tx.publish("settlements.payout-account-changed", {
      merchantId,
      before: before ? lastFour(before) : null,
      after: lastFour(account),
    });
    return { merchantId, holder, number: lastFour(account), bank, version, updatedAt: toTimestamp(now) };
  });
});
