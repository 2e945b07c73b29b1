import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { presentBalance } from "../present.ts";
import { action } from "../settlements.dependencies.ts";

export const listBalances = action(
  "settlements.balances.list",
  async ({ params, caller }, { ledger, currency }) => {
    const page = await ledger.merchants(merchantFilter(caller, "settlements:read"), params);
    return { ...page, items: page.items.map((merchant) => presentBalance(merchant, currency)) };
  },
);
