import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import { actorOf, actorText, may, ownerFilter } from "../../../mixins/contract/caller.ts";
import type { Result } from "../../../mixins/contract/calls.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import { transition } from "../domain/order-status.ts";
import { limitMoney } from "../money/limit-money.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentPayment } from "../present.ts";
import { paymentSucceeded } from "./payment-succeeded.ts";

type Answer = Result<"orders.payments.record">;

/**
 * Records money that staff received: cash, a bank transfer. Customers may do so for an order that costs
 * nothing.
 */
export async function recordManualPayment(
  context: ActionContext<"orders.payments.record">,
  needs: OrdersDependencies,
): Promise<Answer> {
  const { params, caller, now, transaction, fail, markReplayed } = context;
  const actor = actorText(actorOf(caller));
  const { idempotencyKey } = params;
  const request = {
    scope: `payments.record ${actor}`,
    idempotencyKey,
    fingerprint: fingerprintOf(params),
    now,
  };

  const { result, replayed } = await transaction((tx) =>
    needs.keys.once(request, tx, async (): Promise<Answer> => {
      const order = await needs.orders.lock(params.id, ownerFilter(caller, "orders:write"), tx);
      if (!order) throw fail("not-found");
      const isFree = order.total === 0;
      if (!isFree && !may(caller, "orders:write"))
        throw fail("forbidden", undefined, { permission: "orders:write" });
      // Reject manual payments that could not pay the order.
      transition(order.status, "pay");
      await limitMoney("orders.payments.record", order.total, context, tx, needs);
      const payment = {
        id: newId(),
        orderId: order.id,
        provider: "manual",
        methodId: null,
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
        closedAt: null,
        queryAt: null,
        queries: 0,
      } as const;
      await needs.payments.insert(payment, tx);
      await paymentSucceeded(payment, order, actor, now, tx, needs);
      return presentPayment(payment);
    }),
  );
  if (replayed) markReplayed();
  return result;
}
