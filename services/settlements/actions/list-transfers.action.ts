import { findMerchant } from "../find-merchant.ts";
import { presentTransfer } from "../present.ts";
import { action } from "../settlements.dependencies.ts";

export const listTransfers = action(
  "settlements.transfers.list",
  async ({ params, caller }, dependencies) => {
    await findMerchant(params.merchantId, "settlements:read", caller, dependencies);
    const page = await dependencies.payouts.ofMerchant(params.merchantId, params);
    return {
      ...page,
      items: page.items.map((transfer) => presentTransfer(transfer, dependencies.currency)),
    };
  },
);
