import { actorOf } from "../../contract/caller.ts";
import { fingerprintOf } from "../domain/fingerprint.ts";
import { giveBack } from "../domain/order.ts";
import { action } from "../orders.dependencies.ts";
import { requestRefund } from "../payments/request-refund.ts";
import { presentActor, presentRefund } from "../present.ts";

export const recordRefund = action("orders.refunds.record", async (context, dependencies) => {
  const { params, caller, now, transaction, fail, markReplayed } = context;
  const { orders, timeline, keys } = dependencies;
  const actor = presentActor(actorOf(caller));
  const { idempotencyKey, reason } = params;
  const request = { scope: `refunds.record ${actor}`, idempotencyKey, fingerprint: fingerprintOf(params), now };

  const { result, replayed } = await transaction((tx) =>
    keys.once(request, tx, async () => {
      const order = await orders.forChange(params.id, undefined, tx);
      if (!order) throw fail("not-found");
      if (params.amount && (params.amount.currency !== order.currency || params.amount.amount < 1)) {
        const message = `must be at least 1 in ${order.currency}`;
        throw fail("validation-failed", undefined, { errors: [{ path: "amount", code: "invalid-amount", message }] });
      }
      const { order: after, amount } = giveBack(order, params.amount?.amount, now);
      if (!(await orders.update(after, tx))) throw fail("illegal-transition", undefined, { from: order.status });
      await timeline.add(after, { event: "refunded", actor, reason }, tx);
      return presentRefund(await requestRefund(after, { amount, cause: "staff", reason }, now, tx, dependencies));
    }),
  );
  if (replayed) markReplayed();
  return result;
});
