import { findMerchant } from "../find-merchant.ts";
import { presentBalance } from "../present.ts";
import { action } from "../settlements.dependencies.ts";

export const getBalance = action("settlements.balances.get", async ({ params, caller }, dependencies) =>
  presentBalance(
    await findMerchant(params.merchantId, "settlements:read", caller, dependencies),
    dependencies.currency,
  ),
);
