import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { adjustmentEntries } from "../domain/entries.ts";
import { presentBalance } from "../present.ts";
import { action } from "../settlements.dependencies.ts";

export const adjustBalance = action("settlements.balances.adjust", async (context, { ledger, currency }) => {
  const { params, caller, now, transaction, fail } = context;
  const { merchantId, amountMinor, reason } = params;
  return transaction(async (tx) => {
    if (!(await ledger.merchant(merchantId, tx))) throw fail("not-found");
    const balances = await ledger.post(
      [
        {
          merchantId,
          kind: "adjustment",
          entries: adjustmentEntries(amountMinor),
          subjectId: null,
          actor: actorText(actorOf(caller)),
          reason,
          now,
        },
      ],
      tx,
    );
    const after = balances.get(merchantId);
    if (!after) throw fail("not-found");
    const presented = presentBalance(after, currency);
    tx.publish("settlements.balance-adjusted", {
      merchantId,
      amount: { amount: amountMinor, currency },
      due: presented.due,
      reason,
    });
    return presented;
  });
});
