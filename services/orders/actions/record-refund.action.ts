import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import { refundOrder } from "../domain/order.ts";
import { refundedShares } from "../domain/part.ts";
import { limitMoney, moneyAction } from "../money/limit-money.ts";
import { requestRefund } from "../payments/request-refund.ts";
import { presentRefund } from "../present.ts";

export const recordRefund = moneyAction("orders.refunds.record", async (context, dependencies) => {
  const { params, caller, now, transaction, fail, markReplayed } = context;
  const { orders, timeline, keys } = dependencies;
  const actor = actorText(actorOf(caller));
  const { idempotencyKey, reason } = params;
  const request = {
    scope: `refunds.record ${actor}`,
    idempotencyKey,
    fingerprint: fingerprintOf(params),
    now,
  };

  const { result, replayed } = await transaction((tx) =>
    keys.once(request, tx, async () => {
      const order = await orders.lock(params.id, undefined, tx);
      if (!order) throw fail("not-found");
      if (params.amount && (params.amount.currency !== order.currency || params.amount.amount < 1)) {
        const message = `must be at least 1 in ${order.currency}`;
        throw fail("validation-failed", undefined, {
          errors: [{ path: "amount", code: "invalid-amount", message }],
        });
      }
      const { order: after, amount } = refundOrder(order, params.amount?.amount, now, params.partId);
      if (!(await orders.update(after, tx)))
        throw fail("illegal-transition", undefined, { from: order.status });
      await limitMoney("orders.refunds.record", amount, context, tx, dependencies);
      await timeline.add(after, { event: "refunded", actor, reason }, tx);
      const shares = refundedShares(order.parts, after.parts);
      return presentRefund(
        await requestRefund(after, { amount, cause: "staff", reason, shares }, now, tx, dependencies),
      );
    }),
  );
  if (replayed) markReplayed();
  return result;
});
