import type { JobContext } from "../../../mixins/service/jobs.ts";
import { sweep } from "../../../mixins/service/sweep.ts";
import type { UnpaidOrder } from "../data/order-repository.ts";
import { expire } from "../domain/order.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { job } from "../orders.dependencies.ts";

const name = "expire-unpaid-orders";

/**
 * Expires unpaid orders, longest overdue first, which puts their stock back on sale. The first of payment,
 * cancellation and expiry wins. One transaction per order: a payment waits for its own order only, and a
 * failure does not delay the others.
 */
export const expireUnpaidOrders = job({
  name,
  once: "node",
  every: (config) => config.sweepIntervalMs,
  run: (context, dependencies) =>
    sweep(
      {
        due: (limit, after?: UnpaidOrder) => dependencies.orders.unpaid(context.now, limit, after),
        each: ({ id }) => expireIfUnpaid(id, context, dependencies),
        failed: ({ id }) => `expiring unpaid order ${id} failed`,
      },
      context.log,
    ),
});

async function expireIfUnpaid(
  id: string,
  context: JobContext,
  { orders, timeline, redemptions }: OrdersDependencies,
): Promise<void> {
  await context.transaction(async (tx) => {
    const order = await orders.lock(id, undefined, tx);
    if (order?.status !== "placed") return;
    const expired = expire(order, context.now);
    if (!(await orders.update(expired, tx))) return;
    await redemptions.release([id], context.now, tx);
    await timeline.add(
      expired,
      { event: "expired", actor: `system:orders.${name}`, reason: "Not paid in time" },
      tx,
    );
    const { id: orderId, number, customerId } = order;
    tx.publish("orders.expired", { orderId, number, customerId });
  });
}
