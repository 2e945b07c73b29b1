import { actorOf, actorText, merchantFilter } from "../../../mixins/contract/caller.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import { assertLinesOf, returnGoods } from "../domain/order.ts";
import { limitMoney, moneyAction } from "../money/limit-money.ts";
import { presentReturn } from "../present.ts";
import { saveReturn } from "../returns/save-return.ts";

export const recordReturn = moneyAction("orders.returns.record", async (context, dependencies) => {
  const { orders, keys } = dependencies;
  const { params, caller, now, transaction, fail, markReplayed } = context;
  const actor = actorText(actorOf(caller));
  const { idempotencyKey } = params;
  const request = {
    scope: `returns.record ${actor}`,
    idempotencyKey,
    fingerprint: fingerprintOf(params),
    now,
  };

  const { result, replayed } = await transaction((tx) =>
    keys.once(request, tx, async () => {
      const merchants = merchantFilter(caller, "orders:write");
      const order = await orders.lockFor(params.id, merchants, tx);
      if (!order) throw fail("not-found");
      assertLinesOf(merchants, order, params.lines);
      const returned = returnGoods(order, params.lines, now);
      await limitMoney("orders.returns.record", returned.refund, context, tx, dependencies);
      const { restock, reason } = params;
      const { recorded } = await saveReturn(
        order,
        returned,
        { restock, reason, actor, now },
        tx,
        dependencies,
      );
      return presentReturn(recorded);
    }),
  );
  if (replayed) markReplayed();
  return result;
});
