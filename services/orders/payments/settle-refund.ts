import type { Tx } from "../../../mixins/database/database.ts";
import type { Refund } from "../data/refund-repository.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentRefund } from "../present.ts";

type Needs = Pick<OrdersDependencies, "refunds" | "orders">;

/** The money was given back. @returns false when that is known, or not so */
export async function refundSucceeded(
  refund: Refund,
  reference: string | null,
  now: number,
  tx: Tx,
  needs: Needs,
): Promise<boolean> {
  if (!(await needs.refunds.succeed(refund.id, reference, now, tx))) return false;
  await publish("orders.refunded", { ...refund, status: "succeeded", reference, failure: null, settledAt: now }, tx, needs);
  return true;
}

/** The money was not given back; staff are to look into it. @returns false when that is known */
export async function refundFailed(
  refund: Refund,
  failure: { readonly reference: string | null; readonly reason: string; readonly refused: boolean },
  now: number,
  tx: Tx,
  needs: Needs,
): Promise<boolean> {
  // A bank can send back even what was given.
  const from = refund.status === "succeeded" ? "succeeded" : "requested";
  if (!(await needs.refunds.fail(refund.id, from, failure, now, tx))) return false;
  const { reason, reference } = failure;
  const failed = { ...refund, status: "failed", failure: reason, reference: reference ?? refund.reference, settledAt: now } as const;
  await publish("orders.refund-failed", failed, tx, needs);
  return true;
}

async function publish(name: "orders.refunded" | "orders.refund-failed", refund: Refund, tx: Tx, { orders }: Needs): Promise<void> {
  const order = await orders.byId(refund.orderId, undefined, tx);
  if (!order) throw new Error(`refund ${refund.id} is of no order`);
  const { id: orderId, number, customerId } = order;
  tx.publish(name, { orderId, number, customerId, refund: presentRefund(refund) });
}
