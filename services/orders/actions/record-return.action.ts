import { actorOf } from "../../contract/caller.ts";
import { newId } from "../../contract/ids.ts";
import { fingerprintOf } from "../domain/fingerprint.ts";
import { takeBack } from "../domain/order.ts";
import { action } from "../orders.dependencies.ts";
import { requestRefund } from "../payments/request-refund.ts";
import { presentActor, presentReturn } from "../present.ts";

export const recordReturn = action("orders.returns.record", async (context, dependencies) => {
  const { orders, returns, timeline, keys } = dependencies;
  const { params, caller, now, transaction, fail, markReplayed } = context;
  const actor = presentActor(actorOf(caller));
  const { idempotencyKey } = params;
  const request = { scope: `returns.record ${actor}`, idempotencyKey, fingerprint: fingerprintOf(params), now };

  const { result, replayed } = await transaction((tx) =>
    keys.once(request, tx, async () => {
      const order = await orders.forChange(params.id, undefined, tx);
      if (!order) throw fail("not-found");
      const { order: after, lines, refund } = takeBack(order, params.lines, now);
      if (!(await orders.update(after, tx))) throw fail("illegal-transition", undefined, { from: order.status });
      for (const goods of lines)
        if (!(await orders.takeBack(order.id, goods, tx)))
          throw fail("limit-reached", undefined, { lineId: goods.lineId });

      const taken = {
        id: newId(),
        orderId: order.id,
        lines,
        refund,
        currency: order.currency,
        disposition: params.restock ? "restocked" : "discarded",
        reason: params.reason,
        returnedAt: now,
      } as const;
      await returns.insert(taken, tx);
      await timeline.add(after, { event: "returned", actor, reason: params.reason }, tx);
      const due = { amount: refund, cause: "return", reason: taken.reason } as const;
      if (refund > 0) await requestRefund(after, due, now, tx, dependencies);
      const presented = presentReturn(taken);
      tx.publish("orders.returned", {
        orderId: order.id,
        number: order.number,
        customerId: order.customerId,
        returnId: taken.id,
        lines: lines.map(({ variantId, quantity }) => ({ variantId, quantity })),
        refund: presented.refund,
        restocked: presented.restocked,
        reason: taken.reason,
      });
      return presented;
    }),
  );
  if (replayed) markReplayed();
  return result;
});
