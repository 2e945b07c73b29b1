import { presentPayout, presentTransfer } from "../present.ts";
import { action } from "../settlements.dependencies.ts";

export const getPayout = action(
  "settlements.payouts.get",
  async ({ params, fail }, { payouts, currency }) => {
    const payout = await payouts.byId(params.id);
    if (!payout) throw fail("not-found");
    const transfers = await payouts.transfersOf(payout.id);
    return {
      ...presentPayout(payout),
      transfers: transfers.map((transfer) => presentTransfer(transfer, currency)),
    };
  },
);
