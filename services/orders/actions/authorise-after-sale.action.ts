import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { limitMoney, moneyAction } from "../money/limit-money.ts";

const name = "orders.after-sales.authorise";

/** Idempotent: of one after-sale, the amount counts once. */
export const authoriseAfterSale = moneyAction(name, async (context, dependencies) => {
  const { params, caller, transaction, fail } = context;
  const { orders, afterSaleRefunds } = dependencies;
  const actor = actorText(actorOf(caller));
  await transaction(async (tx) => {
    const order = await orders.lock(params.orderId, undefined, tx);
    if (!order) throw fail("not-found");
    if (await afterSaleRefunds.authorise(params.afterSaleId, order.id, actor, tx))
      await limitMoney(name, params.amount.amount, context, tx, dependencies);
  });
  return null;
});
