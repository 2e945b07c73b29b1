import type { ActionContext } from "../../../mixins/shop-action.ts";
import { actorOf, may, ownerFilter } from "../../contract/caller.ts";
import type { Result } from "../../contract/calls.ts";
import { newId } from "../../contract/ids.ts";
import { fingerprintOf } from "../domain/fingerprint.ts";
import { transition } from "../domain/order-status.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentActor, presentPayment } from "../present.ts";
import { paymentSucceeded } from "./payment-succeeded.ts";

type Answer = Result<"orders.payments.record">;

/** Staff have the money: cash, a bank transfer. Where there is nothing to pay, the customer says so. */
export async function recordManualPayment(
  { params, caller, now, transaction, fail, markReplayed }: ActionContext<"orders.payments.record">,
  needs: OrdersDependencies,
): Promise<Answer> {
  const actor = presentActor(actorOf(caller));
  const { idempotencyKey } = params;
  const request = { scope: `payments.record ${actor}`, idempotencyKey, fingerprint: fingerprintOf(params), now };

  const { result, replayed } = await transaction((tx) =>
    needs.keys.once(request, tx, async (): Promise<Answer> => {
      const order = await needs.orders.forChange(params.id, ownerFilter(caller, "orders:write"), tx);
      if (!order) throw fail("not-found");
      const isFree = order.total === 0;
      if (!isFree && !may(caller, "orders:write")) throw fail("forbidden", undefined, { permission: "orders:write" });
      // By hand nothing is taken that cannot be kept.
      transition(order.status, "pay");
      const payment = {
        id: newId(),
        orderId: order.id,
        provider: "manual",
        status: "succeeded",
        reference: params.reference ?? null,
        amount: order.total,
        currency: order.currency,
        refunded: 0,
        failure: null,
        receivedAmount: null,
        receivedCurrency: null,
        startedAt: now,
        paidAt: now,
      } as const;
      await needs.payments.insert(payment, tx);
      await paymentSucceeded(payment, order, actor, now, tx, needs);
      return presentPayment(payment);
    }),
  );
  if (replayed) markReplayed();
  return result;
}
