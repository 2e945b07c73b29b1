import { findMerchant } from "../find-merchant.ts";
import { presentTransaction } from "../present.ts";
import { action } from "../settlements.dependencies.ts";

export const listLedger = action("settlements.ledger.list", async ({ params, caller }, dependencies) => {
  const { ledger, currency } = dependencies;
  const { merchantId, kind, from, before } = params;
  await findMerchant(merchantId, "settlements:read", caller, dependencies);
  const time = (moment: string | undefined) => (moment === undefined ? undefined : Date.parse(moment));
  const page = await ledger.list({ merchantId, kind, from: time(from), before: time(before) }, params);
  const entries = await ledger.entriesOf(page.items.map(({ id }) => id));
  return {
    ...page,
    items: page.items.map((transaction) =>
      presentTransaction(transaction, entries.get(transaction.id) ?? {}, currency),
    ),
  };
});
