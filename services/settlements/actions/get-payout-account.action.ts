import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { findMerchant } from "../find-merchant.ts";
import { lastFour } from "../present.ts";
import { action } from "../settlements.dependencies.ts";

export const getPayoutAccount = action("settlements.payout-accounts.get", async (context, dependencies) => {
  const { params, caller, fail } = context;
  const { id: merchantId } = await findMerchant(params.merchantId, "settlements:read", caller, dependencies);
  const account = await dependencies.payouts.account(merchantId);
  if (!account) throw fail("not-found");
  const { holder, bank, version, updatedAt } = account;
  return { merchantId, holder, number: lastFour(account), bank, version, updatedAt: toTimestamp(updatedAt) };
});
