import type { Tx } from "../../../mixins/database/database.ts";
import type { Refund } from "../data/refund-repository.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentRefund, presentShares } from "../present.ts";

type Needs = Pick<OrdersDependencies, "refunds" | "orders" | "parts">;

/**
 * Records a successful refund.
 *
 * @returns false when it is recorded already, or contradicted
 */
export async function refundSucceeded(
  refund: Refund,
  reference: string | null,
  now: number,
  tx: Tx,
  needs: Needs,
): Promise<boolean> {
  if (!(await needs.refunds.succeed(refund.id, reference, now, tx))) return false;
  await publish(
    "orders.refunded",
    { ...refund, status: "succeeded", reference, failure: null, settledAt: now },
    tx,
    needs,
  );
  return true;
}

/**
 * Records a failed refund, which staff must handle.
 *
 * @returns false when it is recorded already
 */
export async function refundFailed(
  refund: Refund,
  failure: { readonly reference: string | null; readonly reason: string; readonly refused: boolean },
  now: number,
  tx: Tx,
  needs: Needs,
): Promise<boolean> {
  // A bank can return a refund after its success.
  const from = refund.status === "succeeded" ? "succeeded" : "requested";
  if (!(await needs.refunds.fail(refund.id, from, failure, now, tx))) return false;
  const { reason, reference } = failure;
  const failed = {
    ...refund,
    status: "failed",
    failure: reason,
    reference: reference ?? refund.reference,
    settledAt: now,
  } as const;
  await publish("orders.refund-failed", failed, tx, needs);
  return true;
}

async function publish(
  name: "orders.refunded" | "orders.refund-failed",
  refund: Refund,
  tx: Tx,
  { orders, parts }: Needs,
): Promise<void> {
  const order = await orders.byId(refund.orderId, undefined, tx);
  if (!order) throw new Error(`refund ${refund.id} has no order`);
  const { id: orderId, number, customerId } = order;
  const shares = await parts.sharesOf(refund.id, order, tx);
  tx.publish(name, {
    orderId,
    number,
    customerId,
    refund: presentRefund(refund),
    parts: presentShares(shares, refund.currency),
  });
}
