import { actorOf } from "../../contract/caller.ts";
import { newId } from "../../contract/ids.ts";
import { fingerprintOf } from "../domain/fingerprint.ts";
import { pay } from "../domain/order.ts";
import { action } from "../orders.dependencies.ts";
import { presentActor, presentPayment } from "../present.ts";

export const recordPayment = action("orders.payments.record", async (context, { orders, payments, timeline, keys }) => {
  const { params, caller, now, transaction, fail, markReplayed } = context;
  const actor = presentActor(actorOf(caller));
  const { idempotencyKey } = params;
  const request = { scope: `payments.record ${actor}`, idempotencyKey, fingerprint: fingerprintOf(params), now };

  const { result, replayed } = await transaction((tx) =>
    keys.once(request, tx, async () => {
      const order = await orders.forChange(params.id, undefined, tx);
      if (!order) throw fail("not-found");
      const paid = pay(order, now);
      if (!(await orders.update(paid, tx))) throw fail("illegal-transition", undefined, { from: order.status });

      const payment = {
        id: newId(),
        orderId: order.id,
        provider: params.provider,
        reference: params.reference ?? null,
        amount: order.total,
        currency: order.currency,
        paidAt: now,
      };
      await payments.insert(payment, tx);
      await timeline.add(paid, { event: "paid", actor, reason: null }, tx);
      const presented = presentPayment(payment);
      const { id: orderId, number, customerId } = order;
      tx.publish("orders.paid", { orderId, number, customerId, payment: presented });
      return presented;
    }),
  );
  if (replayed) markReplayed();
  return result;
});
